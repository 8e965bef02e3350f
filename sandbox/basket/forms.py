from datetime import timedelta

from django.core.exceptions import ValidationError
from django.forms import DateField, DateInput
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.basket import forms
from oscar.core.loading import get_model

Option = get_model("catalogue", "Option")


def first_day():
    return timezone.localdate() + timedelta(days=1)


def check_day(day):
    if day < first_day():
        raise ValidationError(_("Please choose a day from tomorrow on."), code="day_is_over")


def day_field(form, product, option):
    """A calendar instead of Oscar's three lists, and only days that are still to come."""
    attributes = {"type": "date", "min": first_day().isoformat()}
    return DateField(
        label=_("Day"),
        required=option.required,
        help_text=option.help_text,
        widget=DateInput(attributes, format="%Y-%m-%d"),
        validators=[check_day],
    )


class AddToBasketForm(forms.AddToBasketForm):
    OPTION_FIELD_FACTORIES = {**forms.AddToBasketForm.OPTION_FIELD_FACTORIES, Option.DATE: day_field}


class SimpleAddToBasketForm(forms.SimpleAddToBasketMixin, AddToBasketForm):
    """The same with a hidden quantity of one, as product pages show it."""
