from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from oscar_customers_ext.customers.notes.downloads import download
from oscar_customers_ext.customers.pages import (
    ConfirmCustomerView,
    CustomerFormView,
    CustomerPageMixin,
    OfCustomerMixin,
    PagedSectionView,
)

from .actions import add_exemption, change_exemption, delete_exemption, end_exemption
from .forms import ExemptionForm
from .models import TaxExemption
from .vat.views import vat_context

VIEW, ADD, CHANGE, DELETE = (
    f"oscar_customers_ext.{name}_taxexemption" for name in ("view", "add", "change", "delete")
)


class ExemptionsSection(PagedSectionView):
    template_name = "oscar_customers_ext/admin/tax/section.html"
    permission = VIEW

    def get_rows(self):
        exemptions = TaxExemption.objects.filter(customer=self.customer)
        return exemptions.select_related("created_by").prefetch_related("countries")

    def get_context_data(self, **kwargs):
        may = self.request.user.has_perm
        return super().get_context_data(
            may_add=may(ADD),
            may_change=may(CHANGE),
            may_delete=may(DELETE),
            **vat_context(self),
            **kwargs,
        )


class ExemptionFormView(CustomerFormView):
    form_class = ExemptionForm
    tab_id = "benefits"
    success_message = ""

    def form_valid(self, form):
        try:
            self.save(form.cleaned_data)
        except TaxExemption.DoesNotExist as error:
            # Somebody else deleted it at this moment.
            raise Http404 from error
        except ValidationError as error:
            form.refuse(error)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return super().form_valid(form)

    def form_invalid(self, form):
        form.ask_for_document_again()
        return super().form_invalid(form)


class AddExemptionView(ExemptionFormView):
    permission = ADD
    page_title = gettext_lazy("Add a tax exemption")
    success_message = gettext_lazy("Tax exemption added.")

    def save(self, data):
        add_exemption(self.customer, actor=self.request.user, **data)


class OfExemptionMixin:
    """``self.exemption`` is the one named by the URL, of this customer."""

    tab_id = "benefits"

    @cached_property
    def exemption(self):
        return get_object_or_404(
            TaxExemption.objects.filter(customer=self.customer), pk=self.kwargs["exemption_pk"]
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(exemption=self.exemption, **kwargs)


class ChangeExemptionView(OfExemptionMixin, ExemptionFormView):
    permission = CHANGE
    template_name = "oscar_customers_ext/admin/tax/change.html"
    page_title = gettext_lazy("Change the tax exemption")
    success_message = gettext_lazy(
        "Tax exemption saved. Orders that were placed keep what they were charged."
    )

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "exemption": self.exemption}

    def get_initial(self):
        exemption = self.exemption
        return {
            "reason": exemption.reason,
            "valid_from": exemption.valid_from,
            "valid_until": exemption.valid_until,
            "countries": exemption.countries.all(),
        }

    def save(self, data):
        change_exemption(self.exemption, actor=self.request.user, **data)


class ConfirmExemptionView(OfExemptionMixin, ConfirmCustomerView):
    template_name = "oscar_customers_ext/admin/tax/confirm.html"
    button_classname = "serious"
    success_message = ""

    def perform(self):
        try:
            self.act()
        except TaxExemption.DoesNotExist as error:
            raise Http404 from error
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, self.success_message)


class EndExemptionView(ConfirmExemptionView):
    permission = CHANGE
    page_title = button_label = gettext_lazy("End the tax exemption")
    question = gettext_lazy(
        "It ends at once: yesterday was its last day, and the customer pays tax from the next page on. Orders that "
        "were placed keep what they were charged."
    )
    success_message = gettext_lazy("Tax exemption ended.")

    def act(self):
        end_exemption(self.exemption, actor=self.request.user)


class DeleteExemptionView(ConfirmExemptionView):
    permission = DELETE
    page_title = button_label = gettext_lazy("Delete the tax exemption")
    question = gettext_lazy(
        "Delete it with its document? This cannot be undone. Orders that were placed keep what they were charged, and "
        "why. To keep the record, end the exemption instead."
    )
    success_message = gettext_lazy("Tax exemption deleted.")

    def act(self):
        delete_exemption(self.exemption, actor=self.request.user)


class ExemptionDocumentView(OfExemptionMixin, CustomerPageMixin, OfCustomerMixin, View):
    """The document, always as a download."""

    permission = VIEW

    def get(self, request, *args, **kwargs):
        exemption = self.exemption
        if not exemption.document:
            raise Http404
        try:
            return download(exemption.document.open("rb"), exemption.document_name)
        except (OSError, ValueError):
            sentence = _("The file “%(name)s” is no longer on the server.")
            messages.error(request, sentence % {"name": exemption.document_name})
            return redirect(self.back_url)
