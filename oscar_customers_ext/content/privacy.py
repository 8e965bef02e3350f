"""Keeps caches from giving what one customer may see to somebody else."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

SHOWN = "_customers_shown"


def note_use(request: Any, *, is_signed_in: bool) -> None:
    """Says that the answer to this request depends on who sends it. Pages for visitors may still be cached."""
    request.__dict__[SHOWN] = is_signed_in or request.__dict__.get(SHOWN, False)
    if is_signed_in:
        # Where Django's cache middleware looks. A view in @cache_page is stored before the headers below are there.
        request._cache_update_cache = False


def protect(request: HttpRequest, response: HttpResponseBase) -> None:
    shown = request.__dict__.get(SHOWN)
    if shown is None:
        return
    patch_vary_headers(response, ["Cookie"])
    if shown:
        patch_cache_control(response, private=True)
