"""What is logged about the style sheets of groups."""

from django.utils.translation import gettext_lazy as _

CHANGE_STYLES = "oscar_customers_ext.change_styles"

ACTIONS = {
    CHANGE_STYLES: (_("Change style sheet"), _("Style sheet changed")),
}
