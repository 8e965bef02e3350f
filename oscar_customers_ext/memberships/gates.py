"""The gates of Wagtail through which visitors reach private pages and documents; wagtail_hooks.py registers them.

Wagtail checks pages in a hook ``on_serve_page`` and documents in a hook ``before_serve_document``, both of order 0.
"""

from wagtail.models import CollectionViewRestriction

from .access import let_in, let_out, refusal

#: Orders of the hooks around Wagtail's own.
BEFORE, AFTER = -100, 100
REACHED = "_customers_page_reached"


def watch_page(serve_next):
    """Around Wagtail's check of a page. A page that opens costs no query more than it did without memberships."""

    def serve(page, request, args, kwargs):
        setattr(request, REACHED, False)
        let_in(request.user)
        try:
            response = serve_next(page, request, args, kwargs)
            if getattr(request, REACHED):
                return response
            return refusal(request, page.get_view_restrictions()) or response
        finally:
            let_out(request.user)

    return serve


def reach_page(serve_next):
    """Within Wagtail's check: who comes here may see the page, which then knows the user's own groups only."""

    def serve(page, request, args, kwargs):
        setattr(request, REACHED, True)
        let_out(request.user)
        return serve_next(page, request, args, kwargs)

    return serve


def watch_document(document, request):
    restrictions = document.collection.get_view_restrictions()
    private = restrictions.filter(restriction_type=CollectionViewRestriction.GROUPS)
    if not private:
        return None
    let_in(request.user)
    return refusal(request, private)


def reach_document(document, request):
    let_out(request.user)
