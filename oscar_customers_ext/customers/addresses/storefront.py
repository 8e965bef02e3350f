"""What lies over Oscar's address book in the shop. Imports no model at the top, see ``loader``.

Buyers keep their address book whatever happens to ours: what fails here is logged, and Oscar's part goes on.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model

from oscar_customers_ext.customers.locks import unnoticed
from oscar_customers_ext.customers.vat_numbers import MAX_LENGTH as VAT_NUMBER_MAX_LENGTH
from oscar_customers_ext.customers.vat_numbers import parse_vat_number

from .companies import COLUMNS, MAX_LENGTH, Company, companies_of, company_of, keep_company


class CompanyNameMixin:
    """Asks for the company of an address, and keeps it beside Oscar's row. Over ``address.forms.UserAddressForm``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = self.stored_company()
        #: What is asked beyond the site's own form: what that one asks for is the site's. Nothing where the company
        #: cannot be read: a form that shows it empty would delete it.
        self.asked = [name for name in COLUMNS if name not in self.fields] if self.stored is not None else []
        if self.asked:
            self._ask_for_company()

    def stored_company(self):
        """The company of the address; None when it cannot be read."""
        if not self.instance.pk:
            return Company()
        with unnoticed("The company of address %s cannot be read", self.instance.pk):
            return company_of(self.instance)

    def _ask_for_company(self):
        names = list(self.fields)
        fields = {
            "company_name": forms.CharField(
                label=gettext_lazy("Company name"),
                max_length=MAX_LENGTH,
                required=False,
                initial=self.stored.company_name,
            ),
            "vat_number": forms.CharField(
                label=gettext_lazy("VAT number"),
                max_length=VAT_NUMBER_MAX_LENGTH,
                required=False,
                initial=self.stored.vat_number,
            ),
        }
        self.fields |= {name: fields[name] for name in self.asked}
        place = names.index("last_name") + 1 if "last_name" in names else 0
        self.order_fields([*names[:place], *self.asked, *names[place:]])

    def clean(self):
        cleaned = super().clean()
        number = self.cleaned_data.get("vat_number")
        if number and "vat_number" in self.asked:
            # A form for one country alone has no field for it.
            country = getattr(self.cleaned_data.get("country"), "pk", None) or self.instance.country_id
            try:
                self.cleaned_data["vat_number"] = checked_number(
                    number, country, stored=self.stored.vat_number
                )
            except ValidationError as error:
                self.add_error("vat_number", error)
        return cleaned

    def kept_company(self):
        """What was posted of the company. A page of the site's own with this form may not show the fields."""
        names = [name for name in self.asked if self.add_prefix(name) in self.data]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def _save_m2m(self):
        # Django calls it once the address is stored, also for those who save with commit=False.
        super()._save_m2m()
        if company := self.kept_company():
            with unnoticed("The company of address %s is not kept", self.instance.pk):
                keep_company(self.instance, **company)


def checked_number(number, country_code, *, stored=""):
    """The VAT number of an address as it is stored. One that is stored already may be from before it was checked."""
    if number == stored:
        return number
    return parse_vat_number(number, country_code, any_country=False)


class ShownAddress:
    """An address as a page of the shop shows it: with its company below the name, for whatever template the site has."""

    def __init__(self, address, company):
        self._address = address
        self.company_name = company.company_name
        self.vat_number = company.vat_number

    def __getattr__(self, name):
        return getattr(self._address, name)

    def __str__(self):
        return str(self._address)

    def active_address_fields(self):
        fields = self._address.active_address_fields()
        number = self.vat_number and _("VAT number: %(number)s") % {"number": self.vat_number}
        company = [text for text in (self.company_name, number) if text]
        place = 1 if self._address.salutation else 0
        return [*fields[:place], *company, *fields[place:]]


def with_companies(addresses):
    addresses = list(addresses)
    companies = companies_of(addresses) if addresses else {}
    return [ShownAddress(address, companies.get(address.pk, Company())) for address in addresses]


class AddressListMixin:
    """Over ``customer.views.AddressListView``."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if "addresses" in context:
            with unnoticed(
                "The companies in the address book of user %s cannot be read", self.request.user.pk
            ):
                context["addresses"] = with_companies(context["addresses"])
        return context


class DefaultAddressMixin:
    """Over ``customer.views.AddressChangeStatusView``: two clicks at once, or a click while staff choose, leave one default."""

    @transaction.atomic
    def get(self, request, *args, **kwargs):
        # The lock that save_address() takes; Oscar itself takes none, and goes on without it as well.
        with unnoticed("User %s chose a default address without the lock of the customer", request.user.pk):
            locked = get_model("oscar_customers_ext", "Customer").objects.locked()
            locked.filter(user=request.user.pk).first()
        return super().get(request, *args, **kwargs)


class ProfileDeleteMixin:
    """Over ``customer.views.ProfileDeleteView``: who deletes the own account takes the own address book along."""

    @transaction.atomic
    def form_valid(self, form):
        self.request.user.addresses.all().delete()
        return super().form_valid(form)
