from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from .views import SUBSCRIBE_PERMISSION


def newsletter_panel():
    """The switch on the form of a new customer, see ``forms.NewsletterFormMixin``."""
    return MultiFieldPanel(
        [
            FieldPanel("subscribe", permission=SUBSCRIBE_PERMISSION),
            FieldPanel("consent_text", permission=SUBSCRIBE_PERMISSION),
        ],
        heading=_("Newsletter"),
    )
