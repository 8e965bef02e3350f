"""What lies over Oscar's address book in the shop. Imports no model at the top, see ``loader``.

Buyers keep their address book whatever happens to ours: what fails here is logged, and Oscar's part goes on.
"""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_customers_ext.customers.locks import unnoticed

from .companies import MAX_LENGTH, companies_of, company_of, keep_company


class CompanyNameMixin:
    """Asks for the company of an address, and keeps it beside Oscar's row. Over ``address.forms.UserAddressForm``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stored = None if "company_name" in self.fields else self.stored_company()
        #: False on a site whose own form asks for it: there it is the site's. And where it cannot be read: a form
        #: that shows it empty would delete it.
        self.keeps_company = stored is not None
        if self.keeps_company:
            self._ask_for_company(stored)

    def stored_company(self):
        """The company of the address; None when it cannot be read."""
        if not self.instance.pk:
            return ""
        with unnoticed("The company of address %s cannot be read", self.instance.pk):
            return company_of(self.instance)

    def _ask_for_company(self, stored):
        company = forms.CharField(
            label=_("Company name"), max_length=MAX_LENGTH, required=False, initial=stored
        )
        self.fields["company_name"] = company
        names = [name for name in self.fields if name != "company_name"]
        place = names.index("last_name") + 1 if "last_name" in names else 0
        self.order_fields([*names[:place], "company_name", *names[place:]])

    def _save_m2m(self):
        # Django calls it once the address is stored, also for those who save with commit=False.
        super()._save_m2m()
        # A page of the site's own with this form may not show the field: what is kept then stays.
        if self.keeps_company and self.add_prefix("company_name") in self.data:
            with unnoticed("The company of address %s is not kept", self.instance.pk):
                keep_company(self.instance, self.cleaned_data["company_name"])


class ShownAddress:
    """An address as a page of the shop shows it: with its company below the name, for whatever template the site has."""

    def __init__(self, address, company_name):
        self._address = address
        self.company_name = company_name

    def __getattr__(self, name):
        return getattr(self._address, name)

    def __str__(self):
        return str(self._address)

    def active_address_fields(self):
        fields = self._address.active_address_fields()
        if not self.company_name:
            return fields
        place = 1 if self._address.salutation else 0
        return [*fields[:place], self.company_name, *fields[place:]]


def with_companies(addresses):
    addresses = list(addresses)
    companies = companies_of(addresses) if addresses else {}
    return [ShownAddress(address, companies.get(address.pk, "")) for address in addresses]


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
