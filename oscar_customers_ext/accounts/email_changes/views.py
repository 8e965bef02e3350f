"""The pages of staff about the e-mail address of a registered customer."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.accounts.actions import why_not_touchable
from oscar_customers_ext.accounts.models import EmailChange
from oscar_customers_ext.accounts.views import AccountPageMixin, ConfirmAccountView
from oscar_customers_ext.customers.pages import CustomerFormView, SectionView
from oscar_customers_ext.exceptions import AccountRefused, InvalidEmail

from . import actions
from .following import address_differs
from .forms import EmailChangeForm


class EmailSection(SectionView):
    """The address, what it waits for, and whether the account has another one."""

    template_name = "oscar_customers_ext/admin/email_changes/section.html"
    permission = AccountPageMixin.permission

    def get_context_data(self, **kwargs):
        user = self.customer.user
        change = EmailChange.objects.filter(customer=self.customer).select_related("requested_by").first()
        refusal = why_not_touchable(user) or actions.why_not_changeable(self.customer)
        differs = user is not None and address_differs(user.pk)
        return super().get_context_data(
            account=user,
            change=change,
            refusal=refusal,
            may_change=self.may("change"),
            address_of_account=getattr(user, user.get_email_field_name()) if differs else "",
            **kwargs,
        )


class EmailPageMixin(AccountPageMixin):
    header_icon = "mail"

    def get_refusal(self):
        return super().get_refusal() or actions.why_not_changeable(self.customer)


class EmailChangeView(EmailPageMixin, CustomerFormView):
    page_title = gettext_lazy("Change e-mail address")
    submit_label = gettext_lazy("Send mail to confirm")
    template_name = "oscar_customers_ext/admin/email_changes/change.html"
    form_class = EmailChangeForm

    def get_context_data(self, **kwargs):
        change = EmailChange.objects.filter(customer=self.customer).first()
        return super().get_context_data(change=change, **kwargs)

    def form_valid(self, form):
        try:
            change = actions.request_email_change(
                self.customer, email=form.cleaned_data["email"], actor=self.request.user
            )
        except (AccountRefused, InvalidEmail) as error:
            form.add_error("email", ValidationError(error.messages))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("A mail was sent to %(email)s. The address changes when it is confirmed there.")
            % {"email": change.email},
        )
        return redirect(self.back_url)


class ResendEmailChangeView(EmailPageMixin, ConfirmAccountView):
    page_title = gettext_lazy("Send mail to confirm again")
    button_label = gettext_lazy("Send again")
    question = gettext_lazy(
        "A mail with a new link is sent to the new address. The link that was sent before stops working."
    )
    done = gettext_lazy("The mail was sent again.")

    def act(self):
        actions.resend_email_change(self.customer, actor=self.request.user)


class CancelEmailChangeView(ConfirmAccountView):
    """Also where new changes are forbidden, and for accounts that have become those of staff."""

    page_title = gettext_lazy("Cancel change of the e-mail address")
    header_icon = "mail"
    button_label = gettext_lazy("Cancel the change")
    question = gettext_lazy("The address stays as it is, and the links that were mailed stop working.")
    done = gettext_lazy("The change is cancelled.")

    def get_refusal(self):
        return ""

    def act(self):
        actions.cancel_email_change(self.customer, actor=self.request.user)
