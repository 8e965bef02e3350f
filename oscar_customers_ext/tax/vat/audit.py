"""Log entries about companies. Their data: ``changes`` by column; for a check ``numbers`` with the state of each."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .states import VatState

CHANGE_COMPANY = "oscar_customers_ext.change_company"
CHECK_VAT_NUMBERS = "oscar_customers_ext.check_vat_numbers"


def _changed(entry):
    if entry.user_id is None:
        return _("The customer changed company and VAT number in the shop")
    return _("Company and VAT number changed")


def _checked(entry):
    labels = dict(VatState.choices)
    told = [
        f"{number}: {labels.get(state, state)}" for number, state in entry.data.get("numbers", {}).items()
    ]
    return _("VAT numbers checked: %(numbers)s") % {"numbers": ", ".join(told)}


ACTIONS = {
    CHANGE_COMPANY: (gettext_lazy("Change company and VAT number"), _changed),
    CHECK_VAT_NUMBERS: (gettext_lazy("Check VAT numbers"), _checked),
}
