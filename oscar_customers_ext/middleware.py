from functools import cache

from django.utils.functional import cached_property

from .customers.models import Customer


class CustomerOfRequest:
    @cached_property
    def customer(self):
        """The customer attached to the signed-in user, else None: one query at the first use, none for visitors."""
        user = getattr(self, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return Customer.objects.filter(user_id=user.pk).first()


@cache
def with_customer(request_class):
    return type(
        request_class.__name__, (CustomerOfRequest, request_class), {"__module__": request_class.__module__}
    )


class CustomerMiddleware:
    """Gives each request a lazy ``request.customer``. Stands right after Oscar's BasketMiddleware.

    The attribute comes with a subclass of the request's class, because a SimpleLazyObject around None is not
    None, and ``request.customer is not None`` must be a safe question.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.__class__ = with_customer(type(request))
        return self.get_response(request)
