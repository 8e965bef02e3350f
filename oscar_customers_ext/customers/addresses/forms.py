from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class

from .books import DEFAULTS
from .companies import COLUMNS, company_of
from .models import CustomerAddress
from .storefront import CompanyNameMixin


class AddressFormMixin(CompanyNameMixin):
    """What staff enter beyond the shop's own form, which lies below with all rules that the site gave it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_default_for_billing"].label = _("Default for billing")
        self.fields["is_default_for_shipping"].label = _("Default for shipping")
        for name in DEFAULTS:
            self.fields[name].help_text = _("Takes the place of the default before it.")
        if "notes" in self.fields:
            self.fields["notes"].widget.attrs["rows"] = 3
        for name in ("phone_number", "notes"):
            if name in self.fields:
                # Oscar's help texts speak to the buyer.
                self.fields[name].help_text = ""

    def stored_company(self):
        # Staff see what fails; only buyers must not.
        return company_of(self.instance)

    def validate_unique(self):
        if self.errors:
            return
        try:
            self.instance.validate_unique(exclude=self._get_validation_exclusions())
        except ValidationError:
            # Oscar's sentence speaks of "your address book".
            self.add_error(None, ValidationError(CustomerAddress.TWICE, code="unique"))

    def accept(self, error):
        """Shows what an action refused, each sentence at its field."""
        for name, errors in getattr(error, "error_dict", {None: error}).items():
            self.add_error(name if name in self.fields else None, errors)


@cache
def address_form_class(model):
    """The shop's address form over the one or the other table, with company and defaults."""
    base = get_class("address.forms", "UserAddressForm")
    columns = {field.name for field in model._meta.fields if field.editable}
    names = [name for name in base.base_fields if name in columns and name not in COLUMNS]
    form = type("AddressForm", (AddressFormMixin, base), {"__module__": __name__})
    return forms.modelform_factory(model, form=form, fields=[*names, *DEFAULTS])
