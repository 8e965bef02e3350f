import json

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from .forms import PERMISSION
from .user_names import name_field

#: Shown once the box is ticked, by Wagtail's own rules for forms.
WHEN_TICKED = {"data-w-rules-target": "show", "data-w-rules": json.dumps({"create_account": ["on"]})}


def new_account_panel():
    """For the form of a new customer."""
    name = [FieldPanel("account_username", permission=PERMISSION, attrs=WHEN_TICKED)]
    return MultiFieldPanel(
        [
            FieldPanel("create_account", permission=PERMISSION),
            *(name if name_field() is not None else []),
            FieldRowPanel(
                [
                    FieldPanel("account_password", permission=PERMISSION),
                    FieldPanel("account_password_again", permission=PERMISSION),
                ],
                attrs=WHEN_TICKED,
            ),
            FieldPanel("account_link", permission=PERMISSION, attrs=WHEN_TICKED),
        ],
        heading=_("User account"),
        permission=PERMISSION,
        attrs={"data-controller": "w-rules", "data-action": "change->w-rules#resolve"},
    )
