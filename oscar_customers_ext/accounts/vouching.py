"""The page on which staff vouch for the address of a customer's account."""

from django import forms
from django.db import transaction
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.pages import CustomerFormView
from oscar_customers_ext.exceptions import AccountRefused

from . import actions
from .proof import rivals_of
from .views import AccountPageMixin


class VouchForm(forms.Form):
    holder_is_known = forms.BooleanField(
        label=gettext_lazy("I know that this customer, and nobody else, uses the account"),
        required=False,
        help_text=gettext_lazy(
            "Because the customer showed you, say. Password and sessions stay then. Otherwise they end: anybody can "
            "register with anybody's address, and wait for somebody to vouch for it."
        ),
    )
    account_link = forms.BooleanField(
        label=gettext_lazy("Send the customer a link to set a password"),
        required=False,
        help_text=gettext_lazy("No mail is sent unless this is ticked."),
    )


class VouchView(AccountPageMixin, CustomerFormView):
    page_title = gettext_lazy("Vouch for e-mail address")
    submit_label = gettext_lazy("Vouch for the address")
    template_name = "oscar_customers_ext/admin/accounts/vouch.html"
    form_class = VouchForm

    def get_refusal(self):
        refusal = super().get_refusal() or actions.why_not_vouchable(self.customer, self.customer.user)
        return refusal or self.refuse_rivals(self.rivals)

    @cached_property
    def rivals(self):
        """The accounts that would lose their password."""
        return rivals_of(self.customer.user, self.customer.email)

    def refuse_rivals(self, rivals):
        allowed = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        owned = Customer.objects.filter(user__in=[rival.pk for rival in rivals])
        if owned.exclude(pk__in=allowed.order_by().values("pk")).exists():
            # Not named: they are customers whom this member of staff may not even see.
            return _(
                "Another user account with this address would lose its password, and it belongs to a customer whom "
                "you may not change. Ask somebody who may."
            )
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(rivals=[] if self.get_refusal() else self.rivals, **kwargs)

    def form_valid(self, form):
        try:
            self.vouch(**form.cleaned_data)
        except AccountRefused as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        self.tell(_("The address counts as proven now."))
        return redirect(self.back_url)

    @transaction.atomic
    def vouch(self, holder_is_known, account_link):
        actions.vouch_for_address(
            self.customer,
            holder_is_known=holder_is_known,
            # Asked again under the lock, of whoever has the address by then.
            refuse_rivals=self.refuse_rivals,
            actor=self.request.user,
        )
        if account_link:
            actions.send_password_link(self.customer, actor=self.request.user)
