from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column

from oscar_customers_ext.contacts.models import ConsentState, Subscription


def newsletter_state():
    """For a list of customers: what each said of the newsletter, null for nothing."""
    said = Subscription.objects.to_default_list().filter(contact=OuterRef("contact_id"))
    return Subquery(said.values("state")[:1])


def newsletter_mark(state):
    """Icon and words for what a customer said of a list."""
    if state == ConsentState.SUBSCRIBED:
        return {"icon": "check", "text": _("Yes")}
    if state == ConsentState.OBJECTED:
        return {"icon": "warning", "text": _("No, objected")}
    return {"icon": "cross", "text": _("No")}


class NewsletterColumn(Column):
    """Whether the newsletter is sent to the customer. Needs ``newsletter_state()`` under the column's own accessor."""

    cell_template_name = "oscar_customers_ext/admin/marketing/newsletter_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "mark": newsletter_mark(context["value"])}
