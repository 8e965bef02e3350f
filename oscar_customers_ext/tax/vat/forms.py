from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.addresses.companies import MAX_LENGTH as NAME_MAX_LENGTH
from oscar_customers_ext.customers.vat_numbers import MAX_LENGTH, parse_vat_number


class CompanyForm(forms.Form):
    """A buyer's company; ``country_code`` is that of a number that is typed without its letters."""

    company_name = forms.CharField(label=_("Company name"), max_length=NAME_MAX_LENGTH, required=False)
    vat_number = forms.CharField(
        label=_("VAT number"),
        max_length=MAX_LENGTH,
        required=False,
        help_text=_("With the letters of its country in front."),
    )

    def __init__(self, *args, country_code="", **kwargs):
        super().__init__(*args, **kwargs)
        self.country_code = country_code

    def clean_vat_number(self):
        number = self.cleaned_data["vat_number"]
        if number == self.initial.get("vat_number"):
            # From before numbers were checked, perhaps.
            return number
        number = parse_vat_number(number, self.country_code)
        if len(number) > MAX_LENGTH:
            raise ValidationError(
                _("A VAT number has at most %(limit)d characters."), params={"limit": MAX_LENGTH}
            )
        return number


class CheckoutCompanyForm(CompanyForm):
    keep = forms.BooleanField(label=_("Keep it for my next orders, too"), required=False)

    def __init__(self, *args, may_keep=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_keep:
            # Absent and not just hidden: what is posted by hand counts for nothing.
            del self.fields["keep"]
