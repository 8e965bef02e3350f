from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from oscar_customers_ext.customers.models import VerifiedEmail
from oscar_customers_ext.customers.ownership import address_key_of
from oscar_customers_ext.customers.pages import ConfirmCustomerView, CustomerFormView, SectionView
from oscar_customers_ext.exceptions import AccountRefused, AddressHasAccount

from . import actions
from .forms import PERMISSION, CreateAccountForm, PasswordForm, UserNameForm
from .user_names import name_field

TAB = "account"


class AccountSection(SectionView):
    permission = PERMISSION
    template_name = "oscar_customers_ext/admin/accounts/section.html"

    def get_context_data(self, **kwargs):
        user = self.customer.user
        context = {"account": user, "may_change": self.may("change")}
        if user:
            context |= {
                "address": getattr(user, user.get_email_field_name()),
                "address_differs": address_key_of(user) != self.customer.email_key,
                "proof": VerifiedEmail.objects.filter(user=user, email_key=self.customer.email_key).first(),
                "user_name": user.username if name_field() is not None else None,
                "untouchable": actions.why_not_touchable(user),
            }
        return super().get_context_data(**context, **kwargs)


class AccountPageMixin:
    """Before the bases of a page. ``get_refusal`` is a sentence that takes the place of what cannot be done."""

    tab_id = TAB
    customer_permissions = ("change",)
    permission = PERMISSION

    def get_refusal(self):
        return actions.why_not_touchable(self.customer.user)

    def get(self, request, *args, **kwargs):
        return self.refuse() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.refuse() or super().post(request, *args, **kwargs)

    def refuse(self):
        refusal = self.get_refusal()
        if not refusal:
            return None
        self.template_name = "oscar_customers_ext/admin/accounts/refused.html"
        return self.render_to_response(self.get_context_data(form=None, refusal=refusal))

    def tell(self, sentence):
        messages.success(self.request, sentence)

    @cached_property
    def account_name(self):
        return self.customer.user.get_username()


class CreateAccountView(AccountPageMixin, CustomerFormView):
    page_title = gettext_lazy("Create user account")
    header_icon = "user"
    form_class = CreateAccountForm
    template_name = "oscar_customers_ext/admin/accounts/create.html"
    submit_label = gettext_lazy("Create user account")

    def get_refusal(self):
        return _("This customer has a user account already.") if self.customer.user_id else ""

    def get(self, request, *args, **kwargs):
        return self.refuse() or self.show_existing() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.customer.user_id:
            # Pressed twice.
            return redirect(self.back_url)
        return self.show_existing() or super().post(request, *args, **kwargs)

    def show_existing(self):
        """Users with the address are there: they are shown, with what may be done about each."""
        users = actions.users_of(self.customer)
        if not users:
            return None
        found = [
            {
                "user": user,
                "refusal": actions.why_not_attachable(self.customer, user),
                "url": self.attach_url(user),
            }
            for user in users
        ]
        self.template_name = "oscar_customers_ext/admin/accounts/existing.html"
        return self.render_to_response(self.get_context_data(form=None, found=found))

    def attach_url(self, user):
        return reverse("oscar_customers:account_attach", args=[self.customer.pk, user.pk])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "customer": self.customer}

    def form_valid(self, form):
        try:
            form.create_account_of(self.customer, self.request.user)
        except AddressHasAccount:
            return self.show_existing() or self.form_invalid(form)
        except ValidationError as error:
            form.add_account_errors(error)
            return self.form_invalid(form)
        if form.cleaned_data["account_link"]:
            self.tell(
                _("User account created. A link to set a password was sent to %(email)s.")
                % {"email": self.customer.email}
            )
        else:
            self.tell(_("User account created. No mail was sent."))
        return redirect(self.back_url)


class AttachAccountView(AccountPageMixin, ConfirmCustomerView):
    page_title = gettext_lazy("Attach user account")
    template_name = "oscar_customers_ext/admin/accounts/attach.html"
    button_label = gettext_lazy("Attach user account")

    @cached_property
    def user(self):
        model = get_user_model()
        try:
            return get_object_or_404(model, pk=model._meta.pk.to_python(self.kwargs["user_pk"]))
        except ValidationError as error:
            raise Http404 from error

    def get_refusal(self):
        return actions.why_not_attachable(self.customer, self.user)

    def get_context_data(self, **kwargs):
        # An account with another address is none of this customer's business.
        shown = self.user if address_key_of(self.user) == self.customer.email_key else None
        return super().get_context_data(account=shown, **kwargs)

    def perform(self):
        try:
            actions.attach_account(self.customer, self.user, actor=self.request.user)
        except AccountRefused as error:
            messages.error(self.request, error.message)
        else:
            self.tell(_("User account attached."))


class SetPasswordView(AccountPageMixin, CustomerFormView):
    page_title = gettext_lazy("Set password")
    form_class = PasswordForm
    template_name = "oscar_customers_ext/admin/accounts/password.html"
    submit_label = gettext_lazy("Set password")

    def form_valid(self, form):
        try:
            password = form.cleaned_data["account_password"]
            actions.set_account_password(self.customer, password=password, actor=self.request.user)
        except ValidationError as error:
            sentences = getattr(error, "error_dict", {"password": [error]})["password"]
            form.add_error("account_password", sentences)
            return self.form_invalid(form)
        self.tell(_("Password set. The customer was signed out everywhere."))
        return redirect(self.back_url)


class RenameAccountView(AccountPageMixin, CustomerFormView):
    page_title = gettext_lazy("Change user name")
    form_class = UserNameForm
    submit_label = gettext_lazy("Change user name")

    def get_refusal(self):
        if name_field() is None:
            return _("In this shop people sign in with their e-mail address; there are no user names.")
        return super().get_refusal()

    def get_initial(self):
        return {"username": self.account_name}

    def form_valid(self, form):
        try:
            user = actions.rename_account(self.customer, actor=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            sentences = getattr(error, "error_dict", {"username": [error]})["username"]
            form.add_error("username", sentences)
            return self.form_invalid(form)
        self.tell(_("The user name is %(name)s now.") % {"name": user.username})
        return redirect(self.back_url)


class ConfirmAccountView(AccountPageMixin, ConfirmCustomerView):
    """One action on the customer's account."""

    done = ""

    def act(self):
        raise NotImplementedError

    def perform(self):
        try:
            self.act()
        except AccountRefused as error:
            messages.error(self.request, error.message)
        else:
            self.tell(self.done)


class SendLinkView(ConfirmAccountView):
    page_title = gettext_lazy("Send link to set a password")
    button_label = gettext_lazy("Send link")
    done = gettext_lazy("The link was sent.")

    def get_question(self):
        email = getattr(self.customer.user, get_user_model().get_email_field_name(), "")
        return _(
            "A mail with a link to set a password will be sent to %(email)s. Whoever sets one by it has proved to read "
            "mail there."
        ) % {"email": email}

    def act(self):
        actions.send_password_link(self.customer, actor=self.request.user)


class ActivateAccountView(ConfirmAccountView):
    page_title = gettext_lazy("Activate user account")
    button_label = gettext_lazy("Activate")
    done = gettext_lazy("User account activated.")
    question = gettext_lazy("The customer will be able to sign in again, with the same password as before.")

    def act(self):
        actions.activate_account(self.customer, actor=self.request.user)


class DeactivateAccountView(ConfirmAccountView):
    page_title = gettext_lazy("Deactivate user account")
    button_label = gettext_lazy("Deactivate")
    button_classname = "serious"
    done = gettext_lazy("User account deactivated.")
    question = gettext_lazy(
        "The customer will not be able to sign in any more, and is signed out at the next click. Orders, addresses and "
        "everything else stay."
    )

    def act(self):
        actions.deactivate_account(self.customer, actor=self.request.user)
