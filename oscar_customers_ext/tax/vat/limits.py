"""How much a visitor of the shop may have the registry asked: it turns away a shop that asks too much."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

#: So many numbers of one session are asked about; the others wait for the command.
LIMIT = 5
#: Which ones those were, in the session.
ASKED = "oscar_customers_vat_numbers_asked"

_request: ContextVar[Any] = ContextVar("oscar_customers_request", default=None)


@contextmanager
def asked_by(request: Any) -> Iterator[None]:
    """Whatever is stored meanwhile, this request has it asked about."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def may_ask(number: str) -> bool:
    """Whether the registry is asked about this number for who sends the request; always so where there is none.

    Never for guests. For accounts each number once in a session, and LIMIT numbers at the most; for staff any.
    """
    request = _request.get()
    if request is None or not hasattr(request, "session"):
        return True
    if not request.user.is_authenticated:
        return False
    asked = request.session.get(ASKED, [])
    if number in asked or len(asked) >= LIMIT:
        return request.user.has_perm("wagtailadmin.access_admin")
    request.session[ASKED] = [*asked, number]
    return True
