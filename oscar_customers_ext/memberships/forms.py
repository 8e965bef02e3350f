from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.dates import moment_field
from oscar_customers_ext.customers.keys import KeyChoiceField, KeysChoiceField

from .models import MembershipPlan
from .roles import allowed_roles, roles_of


def plan_field(**kwargs):
    return KeyChoiceField(
        label=gettext_lazy("Membership plan"),
        queryset=MembershipPlan.objects.all(),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("There is no such membership plan.")},
        **kwargs,
    )


class PeriodForm(forms.Form):
    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error(
                "ends_at", ValidationError(_("The end must be later than the start."), code="order")
            )
        return cleaned


class GrantForm(PeriodForm):
    plan = plan_field()
    starts_at = moment_field(gettext_lazy("From"))
    ends_at = moment_field(
        gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy("At this moment it is over. Leave empty for a membership without an end."),
    )

    class Media:
        js = ["oscar_customers_ext/membership_form.js"]


class RenewForm(forms.Form):
    ends_at = moment_field(
        gettext_lazy("New end"),
        required=False,
        help_text=gettext_lazy("At this moment it is over. Leave empty for a membership without an end."),
    )


class BulkGrantForm(PeriodForm):
    plan = plan_field()
    starts_at = moment_field(gettext_lazy("From"), initial=timezone.now)
    ends_at = moment_field(
        gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy("Leave empty for the end that the plan gives."),
    )


class BulkPlanForm(forms.Form):
    plan = plan_field()


class RolesForm(forms.Form):
    roles = KeysChoiceField(
        label=gettext_lazy("Roles"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("A role that was chosen cannot be given to customers."),
            "invalid_pk_value": gettext_lazy("A role that was chosen cannot be given to customers."),
            "invalid_list": gettext_lazy("A role that was chosen cannot be given to customers."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = allowed_roles()
        self.fields["roles"].initial = roles_of(user) if user else []
