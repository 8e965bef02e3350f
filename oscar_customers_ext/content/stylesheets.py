"""The style sheets of groups as browsers load them: one file per group, the same for everybody who has its address.

The address is a digest: it names no group, changes with the sheet, and is told to members only. A browser keeps the
file; shared caches do not, since some shops send a session cookie with every answer.
"""

import hashlib

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from oscar_customers_ext.groups.models import CustomerGroup

from .classes import group_class
from .styles import VERSION, compile_styles
from .visitors import VisitorGroup, with_digests

URL_NAME = "oscar_customers_shop:group_styles"
YEAR = 31_536_000


def stylesheet_key(group: VisitorGroup) -> str:
    text = f"{VERSION}:{group.slug}:{group.digest}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def stylesheet_urls(groups: list[VisitorGroup]) -> list[str]:
    """Of those groups that have a sheet; none where a site has not mounted our pages."""
    try:
        return [reverse(URL_NAME, args=[stylesheet_key(group)]) for group in groups if group.digest]
    except NoReverseMatch:
        return []


@require_safe
def show_stylesheet(request, key):
    """Checked once more on its way out, so that nothing else in the column ever reaches a browser."""
    for group in with_digests(CustomerGroup.objects.exclude(styles="")):
        if stylesheet_key(group) == key:
            styles = CustomerGroup.objects.filter(pk=group.pk).values_list("styles", flat=True).first()
            sheet = compile_styles(styles or "", group_class(group.slug))
            return HttpResponse(
                sheet.css,
                content_type="text/css; charset=utf-8",
                headers={
                    "Cache-Control": f"private, max-age={YEAR}, immutable",
                    "X-Content-Type-Options": "nosniff",
                },
            )
    raise Http404
