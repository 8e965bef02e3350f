import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.contacts.models import ConsentState, MailingList, Subscription


class NewsletterFilterMixin(django_filters.FilterSet):
    """By the subscription to the default list. Who objected is not subscribed either."""

    newsletter = django_filters.ChoiceFilter(
        label=_("Newsletter"),
        choices=[("yes", _("Subscribed")), ("no", _("Not subscribed")), ("objected", _("Objected"))],
        method="filter_newsletter",
        widget=forms.RadioSelect,
    )

    def filter_newsletter(self, queryset, name, value):
        # Its key, and not a join: the planner then knows how many are subscribed, and which way to go.
        newsletter = MailingList.objects.filter(is_default=True).values_list("pk", flat=True).first()
        state = ConsentState.OBJECTED if value == "objected" else ConsentState.SUBSCRIBED
        said = Exists(
            Subscription.objects.filter(
                contact=OuterRef("contact_id"), mailing_list_id=newsletter, state=state
            )
        )
        return queryset.filter(~said if value == "no" else said)
