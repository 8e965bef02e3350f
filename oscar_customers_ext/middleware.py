from functools import cache

from django.utils.functional import SimpleLazyObject, cached_property

from .accounts.completed_resets import reset_begun_by
from .accounts.sessions import user_if_same_name
from .approval import gate
from .content.privacy import protect
from .customers.models import Customer
from .customers.ownership import may_prove
from .customers.staff_sites.reports import refuse_report
from .tax.vat.limits import asked_by


class CustomerOfRequest:
    @cached_property
    def customer(self):
        """The customer attached to the signed-in user, else None: one query at the first use, none for visitors."""
        user = getattr(self, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return Customer.objects.filter(user_id=user.pk).first()

    @cached_property
    def may_prove_address(self):
        """Whether the signed-in user has an e-mail address that is not proven yet. One query for each of them."""
        user = getattr(self, "user", None)
        return user is not None and user.is_authenticated and may_prove(user)

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

    A user who was renamed since the log-in is nobody, and a password that was set by a mailed link proves the address.
    Stands right after Oscar's BasketMiddleware.

    The attribute comes with a subclass of the request's class, because a SimpleLazyObject around None is not
    None, and ``request.customer is not None`` must be a safe question.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.__class__ = with_customer(type(request))
        if hasattr(request, "user"):
            user = request.user
            request.user = SimpleLazyObject(lambda: user_if_same_name(request, user))
        with asked_by(request):
            response = self.get_response(request)
        reset = getattr(request, "completed_reset", None)
        if reset is not None:
            reset.finish()
        protect(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        """Covers each page of the checkout, those that a site adds included; the thank-you page is for everybody.

        And the one page of Wagtail's that names customers without asking who may see them.
        """
        request.completed_reset = reset_begun_by(request, view, kwargs)
        match = request.resolver_match
        if "checkout" in match.app_names and match.url_name != "thank-you":
            return gate.refuse(request)
        return refuse_report(request)
