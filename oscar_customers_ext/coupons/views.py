from datetime import timedelta

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model
from wagtail.admin import messages

from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.customers.pages import ConfirmCustomerView, CustomerFormView, PagedSectionView
from oscar_customers_ext.customers.shortcuts import Shortcut
from oscar_customers_ext.customers.staff_sites.policies import shows_all

from .actions import change_coupon, create_coupon, delete_coupon, end_coupon, mail_coupon
from .forms import CouponForm, ValidityForm
from .models import CustomerVoucher
from .rules import Reason, decide_for
from .states import uses_at_most
from .terms import Usage
from .wording import words_of

VIEW, ADD, CHANGE, DELETE = (
    f"oscar_customers_ext.{name}_customervoucher" for name in ("view", "add", "change", "delete")
)
#: For how many days a new coupon is valid, unless told otherwise.
DAYS = 30

SHORTCUTS = (
    Shortcut(
        label=gettext_lazy("Add coupon"),
        url_name="oscar_customers:create_coupon",
        permission="oscar_customers_ext.add_customervoucher",
        icon_name="tag",
    ),
)


class CouponsSection(PagedSectionView):
    template_name = "oscar_customers_ext/admin/coupons/section.html"
    permission = VIEW

    def get_rows(self):
        found = CustomerVoucher.objects.filter(customer=self.customer)
        return found.for_list(orders=self.visible_orders)

    @property
    def visible_orders(self):
        """None where nothing is hidden from this member of staff."""
        orders, user = get_model("order", "Order"), self.request.user
        policy = policy_for(orders)
        if not user.has_perm("order.view_order"):
            return orders.objects.none()
        return None if shows_all(policy, user) else policy.instances_user_has_permission_for(user, "view")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        may = self.request.user.has_perm
        rows = [self._row(coupon) for coupon in context["page"]]
        return {
            **context,
            "rows": rows,
            "may_add": may(ADD),
            "may_change": may(CHANGE),
            "may_delete": may(DELETE),
        }

    def _row(self, coupon):
        verdict = decide_for(coupon, self.customer)
        return {
            "coupon": coupon,
            "voucher": coupon.voucher,
            "words": words_of(coupon),
            "state": coupon.state,
            "orders": [application.order for application in coupon.voucher.last_applications],
            "needs_mail": verdict.reason == Reason.GUEST_NOT_MAILED,
            "needs_account": verdict.reason == Reason.GUEST_TYPED_CODE,
        }


class CreateCouponView(CustomerFormView):
    form_class = CouponForm
    template_name = "oscar_customers_ext/admin/coupons/create.html"
    permission = ADD
    tab_id = "benefits"
    page_title = gettext_lazy("Add coupon")
    submit_label = gettext_lazy("Create coupon")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "customer": self.customer}

    def get_initial(self):
        now = timezone.now().replace(second=0, microsecond=0)
        # Without an account there is no other way to use it.
        mail = self.customer.user_id is None and self.customer.email_key is not None
        return {"starts_at": now, "ends_at": now + timedelta(days=DAYS), "mail": mail}

    def form_valid(self, form):
        try:
            coupon = create_coupon(
                self.customer,
                form.terms,
                code=form.cleaned_data["code"],
                mail=form.cleaned_data["mail"],
                actor=self.request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Coupon %(code)s created.") % {"code": coupon.voucher.code})
        return super().form_valid(form)


class OfCouponMixin:
    """``self.coupon`` is the one named by the URL, of this customer."""

    permission = CHANGE
    tab_id = "benefits"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = CustomerVoucher.objects.for_list().filter(customer=self.customer)
        self.coupon = get_object_or_404(found, pk=kwargs["coupon_pk"])

    @cached_property
    def words(self):
        """For the sentences of the pages."""
        return {
            "code": self.coupon.voucher.code,
            "customer": self.customer,
            "email": self.customer.email,
            "gives": words_of(self.coupon).gives,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(coupon=self.coupon, words=words_of(self.coupon), **kwargs)


class ChangeCouponView(OfCouponMixin, CustomerFormView):
    form_class = ValidityForm
    template_name = "oscar_customers_ext/admin/coupons/change.html"
    page_title = gettext_lazy("Change coupon")

    def get_initial(self):
        voucher, limit = self.coupon.voucher, uses_at_most(self.coupon)
        usage = Usage.UNLIMITED if limit is None else Usage.TIMES
        if voucher.usage != voucher.MULTI_USE:
            usage = Usage.ONCE
        return {
            "starts_at": voucher.start_datetime,
            "ends_at": voucher.end_datetime,
            "usage": usage,
            "times": limit if usage == Usage.TIMES else None,
        }

    def form_valid(self, form):
        try:
            change_coupon(self.coupon, form.terms, actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Coupon %(code)s changed.") % self.words)
        return super().form_valid(form)


class CouponQuestionView(OfCouponMixin, ConfirmCustomerView):
    """``act`` does it and returns what is told then."""

    def perform(self):
        try:
            told = self.act()
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, told)


class MailCouponView(CouponQuestionView):
    page_title = button_label = gettext_lazy("Mail coupon")

    def get_question(self):
        if not self.customer.email_key:
            return _("This customer has no e-mail address.")
        return _("The code %(code)s (%(gives)s) is mailed to %(email)s.") % self.words

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context if self.customer.email_key else {**context, "button_label": ""}

    def act(self):
        mail_coupon(self.coupon, actor=self.request.user)
        return _("Coupon %(code)s mailed to %(email)s.") % self.words


class EndCouponView(CouponQuestionView):
    page_title = button_label = gettext_lazy("End coupon")
    button_classname = "serious"

    def get_question(self):
        return (
            _(
                "From now on nobody can use the coupon %(code)s (%(gives)s). No mail is sent, and orders stay as they are."
            )
            % self.words
        )

    def act(self):
        end_coupon(self.coupon, actor=self.request.user)
        return _("Coupon %(code)s ended.") % self.words


class DeleteCouponView(CouponQuestionView):
    permission = DELETE
    page_title = button_label = gettext_lazy("Delete coupon")
    button_classname = "serious"

    def get_question(self):
        if self.coupon.uses:
            return _("The coupon %(code)s was used in an order, so it is kept. You can end it.") % self.words
        return (
            _(
                "The coupon %(code)s (%(gives)s) is deleted, with its voucher and offer in the shop. No mail is sent."
            )
            % self.words
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "button_label": ""} if self.coupon.uses else context

    def act(self):
        delete_coupon(self.coupon, actor=self.request.user)
        return _("Coupon %(code)s deleted.") % self.words
