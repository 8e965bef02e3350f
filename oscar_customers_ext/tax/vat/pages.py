"""The shop's pages of company and VAT number: of this order, and of the buyer's account."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from oscar.core.loading import get_class

from . import actions
from .forms import CheckoutCompanyForm, CompanyForm
from .identity import identity_of_customer
from .session import country_implied, identity_of, remember
from .tasks import check_later

CheckoutSessionMixin = get_class("checkout.session", "CheckoutSessionMixin")
PageTitleMixin = get_class("customer.mixins", "PageTitleMixin")


class CheckoutCompanyPage(CheckoutSessionMixin, FormView):
    """What goes onto the order that is being made; kept for the customer only where the buyer says so."""

    form_class = CheckoutCompanyForm
    template_name = "oscar_customers_ext/shop/tax/checkout_company.html"
    pre_conditions = ["check_basket_is_not_empty", "check_basket_is_valid", "check_user_email_is_captured"]

    def get_initial(self):
        identity = identity_of(self.request)
        return {"company_name": identity.company_name, "vat_number": identity.vat_number}

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "country_code": country_implied(self.request),
            "may_keep": self.request.customer is not None,
        }

    @property
    def came_from(self):
        """The page of the checkout that led here: one of two, whatever is asked for."""
        asked = self.request.GET.get("from") or self.request.POST.get("from")
        return "payment-details" if asked == "payment-details" else "preview"

    def get_success_url(self):
        return reverse(f"checkout:{self.came_from}")

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        return super().get_context_data(came_from=self.came_from, back_url=self.get_success_url(), **kwargs)

    def form_valid(self, form):
        columns = {name: form.cleaned_data[name] for name in ("company_name", "vat_number")}
        if form.cleaned_data.get("keep"):
            try:
                actions.save_company(self.request.customer, **columns)
            except ValidationError as error:
                form.add_error(None, error)
                return self.form_invalid(form)
        remember(self.request, **columns)
        check_later(columns["vat_number"])
        return redirect(self.get_success_url())


class CompanyPage(LoginRequiredMixin, PageTitleMixin, FormView):
    """The buyer's own company and VAT number. An account that belongs to no customer reads why there is nothing."""

    form_class = CompanyForm
    template_name = "oscar_customers_ext/shop/tax/company.html"
    page_title = gettext_lazy("Company and VAT number")
    active_tab = "company"

    def get_initial(self):
        identity = identity_of_customer(self.request.customer)
        return {"company_name": identity.company_name, "vat_number": identity.vat_number}

    def get_form_kwargs(self):
        customer = self.request.customer
        return {**super().get_form_kwargs(), "country_code": customer.country_id if customer else ""}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            customer=self.request.customer, company=identity_of_customer(self.request.customer), **kwargs
        )

    def post(self, request, *args, **kwargs):
        if request.customer is None:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            actions.save_company(self.request.customer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Company and VAT number saved."))
        return redirect("oscar_customers_shop:company")
