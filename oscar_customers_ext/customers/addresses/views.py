from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.customers.pages import ConfirmCustomerView, CustomerFormView, PagedSectionView

from .actions import AddressGone, delete_address, save_address
from .books import address_book, address_model, new_address
from .companies import company_of
from .forms import address_form_class
from .storefront import ShownAddress

#: The address book in force, as the addresses of pages name it. A page that was opened before the customer got an
#: account must not meet another row that has the same key.
ACCOUNT, GUEST = "account", "guest"


def book_name(customer):
    return ACCOUNT if customer.user_id else GUEST


class AddressesView(PagedSectionView):
    """What the Addresses tab shows."""

    template_name = "oscar_customers_ext/admin/addresses/addresses.html"

    def get_rows(self):
        return address_book(self.customer)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            book=book_name(self.customer), may_change=self.may("change"), **kwargs
        )
        shown = [ShownAddress(address, company_of(address)) for address in context["page"]]
        return {**context, "addresses": shown}


class ChangeAddressMixin:
    """The row is looked for in the customer's own address book, and nowhere else."""

    customer_permissions = ("change",)
    tab_id = "addresses"
    header_icon = "home"

    @cached_property
    def address(self):
        return self.get_address()

    def get_address(self):
        if self.kwargs["book"] != book_name(self.customer):
            raise Http404
        return get_object_or_404(address_book(self.customer), pk=self.kwargs["address_pk"])


class AddressFormView(ChangeAddressMixin, CustomerFormView):
    def get_form_class(self):
        return address_form_class(address_model(self.customer))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.customer.user, "instance": self.address}

    def form_valid(self, form):
        address = form.save(commit=False)
        company = {name: form.cleaned_data.get(name, "") for name in form.asked}
        try:
            save_address(self.customer, address, **company, actor=self.request.user)
        except ValidationError as error:
            form.accept(error)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message % {"address": address})
        return super().form_valid(form)


class AddAddressView(AddressFormView):
    page_title = gettext_lazy("Add address")
    success_message = gettext_lazy("Address added: %(address)s")

    def get_address(self):
        return new_address(self.customer)

    def get_initial(self):
        """Who the customer is. The first address is the default for both."""
        customer = self.customer
        is_first = not address_book(customer).exists()
        return {
            "first_name": customer.first_name,
            "last_name": customer.last_name,
            "country": customer.country_id,
            "phone_number": customer.phone,
            "is_default_for_billing": is_first,
            "is_default_for_shipping": is_first,
        }


class EditAddressView(AddressFormView):
    page_title = gettext_lazy("Change address")
    success_message = gettext_lazy("Address changed: %(address)s")


class DeleteAddressView(ChangeAddressMixin, ConfirmCustomerView):
    template_name = "oscar_customers_ext/admin/addresses/delete.html"
    page_title = button_label = gettext_lazy("Delete address")
    button_classname = "serious"
    header_icon = "bin"

    def get_context_data(self, **kwargs):
        shown = ShownAddress(self.address, company_of(self.address))
        return super().get_context_data(address=shown, **kwargs)

    def perform(self):
        try:
            delete_address(self.customer, self.address, actor=self.request.user)
        except AddressGone as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, _("Address deleted: %(address)s") % {"address": self.address})
