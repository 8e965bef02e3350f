from functools import cache

from django.utils.functional import cached_property

from .approval import gate
from .customers.models import Customer


class CustomerOfRequest:
    @cached_property
    def customer(self):
        """The customer attached to the signed-in user, else None: one query at the first use, none for visitors."""
        user = getattr(self, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return Customer.objects.filter(user_id=user.pk).first()

    @property
    def buying_refusal(self):
        """Why whoever sends this request may not buy, see ``approval.gate.Refusal``; None for everybody else."""
        return gate.refusal_of(self)


@cache
def with_customer(request_class):
    return type(
        request_class.__name__, (CustomerOfRequest, request_class), {"__module__": request_class.__module__}
    )


class CustomerMiddleware:
    """Gives each request a lazy ``request.customer``, and keeps those out of the checkout who may not buy.

    Stands right after Oscar's BasketMiddleware.
    The attribute comes with a subclass of the request's class, because a SimpleLazyObject around None is not
    None, and ``request.customer is not None`` must be a safe question.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.__class__ = with_customer(type(request))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Covers each page of the checkout, those that a site adds included; the thank-you page is for everybody."""
        match = request.resolver_match
        if "checkout" in match.app_names and match.url_name != "thank-you":
            return gate.refuse(request)
        return None
