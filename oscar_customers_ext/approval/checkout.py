"""What is laid over Oscar's checkout, so that nobody buys who may not.

The gate is named and not imported, because Oscar asks for this module while there are no models yet, see loader.py.
"""

from importlib import import_module

from oscar.apps.checkout.exceptions import FailedPreCondition

GATE = "oscar_customers_ext.approval.gate"


class ApprovalSessionMixin:
    """For each step of the checkout, wherever a site mounts it."""

    def check_pre_conditions(self, request):
        # Not get_pre_conditions: the page that places the order leaves that of its bases out (checkout/views.py:433).
        gate = import_module(GATE)
        # The address costs a query, so it is looked up when something is sent, not when a step is shown.
        email = self._address_of_buyer(request) if request.method == "POST" else ""
        refusal = gate.refusal_of(request, email=email)
        if refusal is not None:
            gate.tell(request, refusal)
            raise FailedPreCondition(url=gate.way_out(request, refusal))
        super().check_pre_conditions(request)

    def _address_of_buyer(self, request):
        user = request.user
        if user.is_authenticated:
            return user.email or ""
        # On the first page another address is given, or a password: its form asks the gate.
        gives_address = hasattr(getattr(self, "form_class", None), "is_guest_checkout")
        return "" if gives_address else self.checkout_session.get_guest_email() or ""


class ApprovalPlacementMixin:
    """The last guard, for whatever places an order without going through the steps."""

    #: True for staff who place an order for somebody in spite of the missing approval.
    approval_is_overridden = False

    def place_order(self, order_number, user, *args, **kwargs):
        if not self.approval_is_overridden:
            request = kwargs.get("request") or getattr(self, "request", None)
            signed_in = user is not None and user.is_authenticated
            email = (user.email if signed_in else kwargs.get("guest_email")) or ""
            import_module(GATE).ensure_may_buy(user, email=email, request=request)
        return super().place_order(order_number, user, *args, **kwargs)


class ApprovalGatewayFormMixin:
    """Where somebody who does not sign in gives an address: says at once what would else be said at the end.

    Oscar's form sends those who have an account to sign in. An address that is refused gets the very same answer, so
    that nobody learns from it what was decided about somebody else.
    """

    def clean(self):
        email = self.cleaned_data.get("username")
        cleaned = super().clean()
        if email and (self.is_guest_checkout() or self.is_new_account_checkout()):
            gate = import_module(GATE)
            choice = self.add_prefix("options")
            if self.data.get(choice) == self.EXISTING:
                refusal = gate.Refusal.ADDRESS  # Oscar's form has turned the choice.
            else:
                refusal = gate.refusal_for(None, email=email, request=self.request)
            if refusal is not None:
                self.errors["username"] = self.error_class([gate.sentence(refusal)])
                self.data = self.data.copy()
                self.data[choice] = self.EXISTING
        return cleaned
