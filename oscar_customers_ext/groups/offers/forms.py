from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_customers_ext.customers.dates import moment_field
from oscar_customers_ext.customers.keys import KeyChoiceField

from .ranges import other_ranges
from .terms import KINDS, Terms

ConditionalOffer = get_model("offer", "ConditionalOffer")
NAME_LENGTH = ConditionalOffer._meta.get_field("name").max_length


def amount_field(label, **kwargs):
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, **kwargs)


class DiscountForm(forms.Form):
    """The simple shape of an offer. Gives and takes ``Terms``, whose faults come back to its fields."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("Buyers read it in their cart and in the order."),
        error_messages={"required": _("A discount needs a name. Buyers read it in their cart.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=KINDS.items(),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a percentage or an amount.")},
    )
    value = amount_field(
        _("How much"), error_messages={"required": _("Say how much the discount takes off.")}
    )
    range = KeyChoiceField(
        label=_("Off which products"),
        queryset=other_ranges(),
        required=False,
        empty_label=_("All products"),
        help_text=_("Ranges of products are made in Oscar's dashboard."),
        error_messages={"invalid_choice": _("There is no such range of products.")},
    )
    minimum = amount_field(
        _("Minimum"),
        required=False,
        help_text=_("What these products in the cart must cost together. Leave it empty for any cart."),
    )
    starts_at = moment_field(_("From"), required=False, help_text=_("Leave it empty to begin at once."))
    ends_at = moment_field(
        _("To"), required=False, help_text=_("Leave it empty for a discount without an end.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        currency = settings.OSCAR_DEFAULT_CURRENCY
        self.fields["value"].help_text = format_lazy(
            _(
                "Per cent, or an amount in {currency}, once per cart. Carts in other currencies get no amounts off."
            ),
            currency=currency,
        )

    def terms(self):
        return Terms(**self.cleaned_data)


class LinkOfferForm(forms.Form):
    offer = KeyChoiceField(
        label=_("Offer"),
        queryset=ConditionalOffer.objects.none(),
        empty_label=None,
        help_text=_("Offers of the type “User” that the group has not got yet."),
        error_messages={"invalid_choice": _("There is no such offer any more. Choose another one.")},
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        offers = ConditionalOffer.objects.filter(offer_type=ConditionalOffer.USER)
        self.fields["offer"].queryset = offers.exclude(group_links__group=group).order_by("name", "pk")
