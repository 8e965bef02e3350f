"""One coupon each for many customers. Each is logged."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_customers_ext.customers.bulk import CustomerBulkAction
from oscar_customers_ext.policies import READ

from .actions import create_coupons
from .forms import MAILS_AT_ONCE, CouponsForm
from .views import ADD, DAYS

#: Beside those for customers: they open a bulk action to readers.
PERMISSIONS = ("oscar_customers_ext.add_customervoucher",)


class BulkCouponsForm(CouponsForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        now = timezone.now().replace(second=0, microsecond=0)
        self.fields["starts_at"].initial, self.fields["ends_at"].initial = now, now + timedelta(days=DAYS)


class CreateCouponsBulkAction(CustomerBulkAction):
    display_name = gettext_lazy("Create a coupon for each")
    action_type = "create_coupons"
    aria_label = gettext_lazy("Create a coupon for each of the selected customers")
    action_priority = 70
    any_permission_required = READ
    form_class = BulkCouponsForm
    at_most = 1_000
    explanation_template = "oscar_customers_ext/admin/coupons/what_bulk_does.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def prepare_action(self, objects, objects_without_access):
        refused = super().prepare_action(objects, objects_without_access)
        if refused is None and self.cleaned_form.cleaned_data["mail"] and len(objects) > MAILS_AT_ONCE:
            # They are sent while the editor waits.
            self.cleaned_form.add_error(
                "mail",
                _("At most %(number)d mails go out at once: select fewer customers, or send none.")
                % {"number": MAILS_AT_ONCE},
            )
            return self.render_to_response(self.get_context_data(form=self.cleaned_form))
        return refused

    def get_execution_context(self):
        form = self.cleaned_form
        return {**super().get_execution_context(), "terms": form.terms, "mail": form.cleaned_data["mail"]}

    @classmethod
    def execute_action(cls, objects, actor=None, terms=None, mail=False, **kwargs):
        created = create_coupons([customer.pk for customer in objects], terms, mail=mail, actor=actor)
        return len(created), len(objects) - len(created)

    def get_success_message(self, num_parent_objects, num_child_objects):
        done = ngettext(
            "%(number)d coupon created.", "%(number)d coupons created, one each.", num_parent_objects
        ) % {"number": num_parent_objects}
        if not num_child_objects:
            return done
        left = ngettext(
            "%(number)d customer was left out.", "%(number)d customers were left out.", num_child_objects
        ) % {"number": num_child_objects}
        return " ".join([done, left, _("They have neither an account nor an e-mail address.")])


BULK_ACTIONS = (CreateCouponsBulkAction,)
