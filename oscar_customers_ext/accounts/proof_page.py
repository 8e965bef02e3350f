"""The shop's page on which buyers ask for a link that proves their address. GET changes nothing and sends nothing."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from oscar.core.loading import get_class

from oscar_customers_ext.customers.ownership import address_key_of, may_prove
from oscar_customers_ext.exceptions import AccountRefused

from .proof_links import send_proof_link
from .reset_links import MARKER

SESSION_KEY = "oscar_customers_proof_link"

PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")


class ProofLink(View):
    """What the mailed link opens: leads on to Oscar's page for setting a password, which nobody who is signed in may see."""

    http_method_names = ("get", "head", "options")

    def get(self, request, uidb64, token):
        try:
            path = reverse("password-reset-confirm", args=[uidb64, token])
        except NoReverseMatch as error:
            raise Http404 from error
        path = f"{path}?{urlencode({MARKER: request.GET.get(MARKER, '')})}"
        if request.user.is_authenticated:
            request.session[SESSION_KEY] = path
            path = reverse("oscar_customers_shop:proof_sign_out")
        response = redirect(path)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store, private"
        return response


class SignOutView(TemplateView):
    """Asks whoever is signed in to sign out first; POST does, and leads on."""

    template_name = "oscar_customers_ext/shop/proof_sign_out.html"

    def get(self, request, *args, **kwargs):
        path = request.session.get(SESSION_KEY)
        if path is None:
            return redirect("oscar_customers_shop:prove_address")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        path = request.session.pop(SESSION_KEY, None)
        if path is None:
            return redirect("oscar_customers_shop:prove_address")
        logout(request)
        return redirect(path)


class ProveAddressView(LoginRequiredMixin, PageTitleMixin, TemplateView):
    template_name = "oscar_customers_ext/shop/prove_address.html"
    page_title = gettext_lazy("Prove your e-mail address")
    active_tab = "prove_address"

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            email=getattr(user, user.get_email_field_name()) if address_key_of(user) else "",
            is_needed=may_prove(user),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        try:
            email = send_proof_link(request.user, language=get_language() or "")
        except AccountRefused as error:
            messages.warning(request, error.messages[0])
        else:
            messages.success(request, _("We have sent a link to %(email)s.") % {"email": email})
        return redirect("oscar_customers_shop:prove_address")
