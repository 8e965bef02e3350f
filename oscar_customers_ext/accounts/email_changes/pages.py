"""Where the mailed links lead. GET changes nothing: scanners of mail follow links, so a person presses a button.

The link's token goes into the session, and the page with the button has an address without it: no token in the
browser's history beyond the first step, in a referrer, or in the log of a refused POST.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from oscar_customers_ext.exceptions import AccountRefused

from . import actions
from .tokens import CONFIRM, STOP, change_of


class PrivateMixin:
    purpose = ""

    @property
    def session_key(self):
        return f"oscar_customers_email_change_{self.purpose}"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response


class EmailChangeLink(PrivateMixin, View):
    """What a mailed link opens."""

    http_method_names = ("get", "head", "options")

    def get(self, request, token):
        request.session[self.session_key] = token
        response = redirect(f"oscar_customers_shop:email_change_{self.purpose}")
        response["Referrer-Policy"] = "no-referrer"
        return response


class EmailChangePage(PrivateMixin, TemplateView):
    """Asks; POST acts."""

    template_name = "oscar_customers_ext/accounts/email_change.html"

    def get_change(self):
        return change_of(self.request.session.get(self.session_key, ""), self.purpose)

    def is_for_somebody_else(self, change):
        user = self.request.user
        return user.is_authenticated and user.pk != change.customer.user_id

    def get_context_data(self, **kwargs):
        change = self.get_change()
        somebody_else = change is not None and self.is_for_somebody_else(change)
        return super().get_context_data(
            purpose=self.purpose,
            change=None if somebody_else else change,
            somebody_else=somebody_else,
            dead_link=actions.dead_link(self.purpose),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        # Not "no-referrer": with that a browser hides where the POST comes from, and Django refuses it.
        response["Referrer-Policy"] = "same-origin"
        return response

    def post(self, request, *args, **kwargs):
        change = self.get_change()
        if change is None or self.is_for_somebody_else(change):
            return self.get(request, *args, **kwargs)
        token = request.session.pop(self.session_key)
        try:
            self.act(token)
        except AccountRefused as error:
            return self.render_to_response(self.get_context_data(refusal=error.messages[0]))
        messages.success(request, self.done())
        response = redirect(reverse("customer:profile-view") if self.stays_signed_in() else "customer:login")
        return response

    def stays_signed_in(self):
        return self.request.user.is_authenticated

    def act(self, token):
        raise NotImplementedError

    def done(self):
        raise NotImplementedError


class ConfirmLink(EmailChangeLink):
    purpose = CONFIRM


class StopLink(EmailChangeLink):
    purpose = STOP


class ConfirmPage(EmailChangePage):
    purpose = CONFIRM
    password_voided = False

    def act(self, token):
        self.password_voided = actions.confirm_email_change(token).password_voided

    def stays_signed_in(self):
        return super().stays_signed_in() and not self.password_voided

    def done(self):
        if self.password_voided:
            return _(
                "Your new e-mail address is confirmed. A link to choose a new password was mailed to it; "
                "the password of before works no more."
            )
        return _("Your new e-mail address is confirmed. Use it to sign in from now on.")


class StopPage(EmailChangePage):
    purpose = STOP

    def act(self, token):
        actions.stop_email_change(token)

    def done(self):
        return _("The change was stopped. Your e-mail address stays as it is.")
