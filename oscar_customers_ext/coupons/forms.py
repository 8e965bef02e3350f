from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.core.loading import get_model
from wagtail.admin.widgets import AdminDateTimeInput

from oscar_customers_ext.customers.dates import OUT_OF_RANGE
from oscar_customers_ext.customers.keys import KeyChoiceField

from .codes import MAX_LENGTH
from .terms import Kind, Scope, Terms, Usage, Validity

FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 3000))
MAILS_AT_ONCE = 100
NO_MOMENT = gettext_lazy("Write date and time like 2026-12-31 18:00.")


def moment_field(label, **kwargs):
    return forms.DateTimeField(
        label=label,
        widget=AdminDateTimeInput,
        validators=[MinValueValidator(FIRST, OUT_OF_RANGE), MaxValueValidator(LAST, OUT_OF_RANGE)],
        error_messages={"invalid": NO_MOMENT},
        **kwargs,
    )


def money_field(label, **kwargs):
    # Not a number field of the browser: a decimal comma is one, too.
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, localize=True, **kwargs)


class ValidityForm(forms.Form):
    """When and how often. ``form.terms`` holds what was entered, once the form is valid."""

    terms_class: Any = Validity

    starts_at = moment_field(gettext_lazy("Valid from"))
    ends_at = moment_field(gettext_lazy("Valid to"))
    usage = forms.ChoiceField(
        label=gettext_lazy("Can be used"), choices=Usage.choices, widget=forms.RadioSelect, initial=Usage.ONCE
    )
    times = forms.IntegerField(label=gettext_lazy("In how many orders"), required=False)

    class Media:
        js = ["oscar_customers_ext/coupon_form.js"]

    def clean(self):
        cleaned = super().clean()
        names = self.terms_class.__dataclass_fields__
        if not self.errors:
            self.terms = self.terms_class(**{name: cleaned[name] for name in names})
            for name, error in self.terms.errors().items():
                self.add_error(name, error)
            # An end that stays as it was may be over.
            ends_at = cleaned.get("ends_at")
            if ends_at and "ends_at" in self.changed_data and ends_at <= timezone.now():
                sentence = _("This end lies in the past, so nobody could use the coupon.")
                self.add_error("ends_at", ValidationError(sentence, code="past"))
        return cleaned


class CouponsForm(ValidityForm):
    """The coupons of many customers: one each, with a code that the shop makes."""

    terms_class = Terms

    kind = forms.ChoiceField(
        label=gettext_lazy("Takes off"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        initial=Kind.PERCENTAGE,
    )
    value = money_field(
        gettext_lazy("How much"),
        help_text=gettext_lazy("A number of per cent, or an amount in the currency of the shop."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Applies to"),
        choices=Scope.choices,
        widget=forms.RadioSelect,
        initial=Scope.EVERYTHING,
    )
    product_range = KeyChoiceField(
        label=gettext_lazy("Range of products"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("Ranges are made in the shop's dashboard."),
        error_messages={"invalid_choice": gettext_lazy("There is no such range of products.")},
    )
    minimum = money_field(
        gettext_lazy("Minimum cart value"),
        required=False,
        help_text=gettext_lazy("Leave empty for a coupon that counts for any cart."),
    )
    mail = forms.BooleanField(
        label=gettext_lazy("Mail the code"),
        required=False,
        help_text=gettext_lazy(
            "Whoever gets it can use the coupon without signing in, too, by ordering with that e-mail address."
        ),
    )

    field_order = [
        "kind",
        "value",
        "scope",
        "product_range",
        "minimum",
        "starts_at",
        "ends_at",
        "usage",
        "times",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_range"].queryset = get_model("offer", "Range").objects.order_by("name")


class CouponForm(CouponsForm):
    """The coupon of one customer, with a code of one's own where the customer can sign in."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=gettext_lazy(
            "Leave empty, and the shop makes one that nobody guesses. A code that you type works only for the customer who is signed in."
        ),
    )

    field_order = [*CouponsForm.field_order, "code", "mail"]

    def __init__(self, *args: Any, customer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if customer.email_key:
            self.fields["mail"].label = _("Mail the code to %(email)s") % {"email": customer.email}
        else:
            self.fields["mail"].disabled = True
            self.fields["mail"].help_text = _("This customer has no e-mail address.")
