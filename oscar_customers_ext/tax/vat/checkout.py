"""Company and VAT number in Oscar's checkout. Imports no model at the top, see ``loader``."""

from importlib import import_module

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.vat_numbers import MAX_LENGTH, parse_vat_number

SESSIONS = "oscar_customers_ext.tax.vat.session"
TASKS = "oscar_customers_ext.tax.vat.tasks"


class CompanySessionMixin:
    """Over ``checkout.session.CheckoutSessionMixin``: the pages know ``checkout_company``, which costs nothing until it is shown."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["checkout_company"] = SimpleLazyObject(
            lambda: import_module(SESSIONS).identity_of(self.request)
        )
        return context


class CompanyAddressFormMixin:
    """Over ``checkout.forms.ShippingAddressForm``: asked for beside a new address, and kept for this order only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = list(self.fields)
        fields = {
            "company_name": forms.CharField(label=_("Company name"), max_length=255, required=False),
            "vat_number": forms.CharField(label=_("VAT number"), max_length=MAX_LENGTH, required=False),
        }
        #: What the form of a site asks for itself is the site's.
        self.asks_for_company = not set(fields).intersection(names)
        if self.asks_for_company:
            self.fields |= fields
            place = names.index("last_name") + 1 if "last_name" in names else 0
            self.order_fields([*names[:place], *fields, *names[place:]])

    def clean(self):
        cleaned = super().clean()
        number = self.cleaned_data.get("vat_number")
        if number and self.asks_for_company and number != self.initial.get("vat_number"):
            # A form for one country alone has no field for it.
            country = getattr(self.cleaned_data.get("country"), "pk", None) or self.instance.country_id
            try:
                self.cleaned_data["vat_number"] = parse_vat_number(number, country)
            except ValidationError as error:
                self.add_error("vat_number", error)
        return cleaned


class CompanyAddressViewMixin:
    """Over ``checkout.views.ShippingAddressView``."""

    def get_initial(self):
        company = import_module(SESSIONS).identity_of(self.request)
        initial = super().get_initial() or {}
        return {**initial, "company_name": company.company_name, "vat_number": company.vat_number}

    def form_valid(self, form):
        # Left as it was filled in, what an address from the book has of its own still comes first.
        if getattr(form, "asks_for_company", False) and self.was_changed(form):
            import_module(SESSIONS).remember(
                self.request,
                company_name=form.cleaned_data["company_name"],
                vat_number=form.cleaned_data["vat_number"],
            )
            import_module(TASKS).check_later(form.cleaned_data["vat_number"])
        return super().form_valid(form)

    def was_changed(self, form):
        """A page of the site's own may not show the fields."""
        names = {"company_name", "vat_number"}
        shown = names <= {name for name in names if form.add_prefix(name) in form.data}
        return shown and bool(names.intersection(form.changed_data))
