from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.customers.pages import ConfirmCustomerView, SectionView

from .actions import AT_ONCE, check_now
from .numbers import numbers_of
from .states import VatState


class VatNumbersView(SectionView):
    """The customer's numbers with what the registry says about each."""

    template_name = "oscar_customers_ext/admin/tax/vat_numbers.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**vat_context(self), **kwargs)


def vat_context(view):
    """For a section that shows ``vat_numbers.html``."""
    numbers = numbers_of(view.customer)
    return {
        "numbers": numbers,
        "may_check": view.may("change") and any(can_be_asked(found) for found in numbers),
    }


def can_be_asked(found):
    return found.verdict.state != VatState.UNSUPPORTED


class CheckVatNumbersView(ConfirmCustomerView):
    """Asks the registry now, and waits for it some seconds at the most."""

    template_name = "oscar_customers_ext/admin/tax/check_vat_numbers.html"
    customer_permissions = ("change",)
    page_title = gettext_lazy("Check VAT numbers")
    tab_id = "details"
    header_icon = "doc-full-inverse"

    @cached_property
    def numbers(self):
        """The first few: the others are asked about by the command."""
        return [found for found in numbers_of(self.customer) if can_be_asked(found)][:AT_ONCE]

    @property
    def button_label(self):
        return _("Ask now") if self.numbers else ""

    def get_question(self):
        if not self.numbers:
            return _("There is no number that a registry could be asked about.")
        return _("The registry is asked about these numbers. It may take some seconds.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(numbers=self.numbers, **kwargs)

    def perform(self):
        asked = [found.number for found in self.numbers]
        states = check_now(self.customer, asked, actor=self.request.user)
        for number, state in states.items():
            say = messages.success if state == VatState.VALID else messages.warning
            say(self.request, f"{number}: {VatState(state).label}")
        if not states:
            messages.warning(self.request, _("There is no number that a registry could be asked about."))
