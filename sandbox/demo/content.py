"""What the demo shop shows to some of its customers only."""

from django.contrib.auth import get_user_model

from demo.logins import ADMIN
from oscar_customers_ext.content.actions import change_styles
from oscar_customers_ext.models import CustomerGroup
from pages.models import HomePage

STYLES = """\
/* Cafés and shops see where they are. */
.header {
  border-block-start: 6px solid #1f7e9a;
}

body.home .hero-text .btn {
  background-color: #1f7e9a;
  border-color: #1f7e9a;
}
"""
FOR_TRADE = """
<h2>For cafés and shops</h2>
<p>From forty cups of one kind we glaze in your colour. The next firing for the trade is on the first Monday of the
month; write to us until the Thursday before.</p>
"""
FOR_OTHERS = """
<p>Do you sell cups on, or serve coffee in them? As a trade customer you read more here.</p>
"""


def load_group_content():
    """Idempotent."""
    staff = get_user_model().objects.get(username=ADMIN)
    group = CustomerGroup.objects.get(slug="trade")
    if not group.styles:
        change_styles(group, STYLES, actor=staff)
    home = HomePage.objects.get()
    if not home.body:
        shown = {"audience": "members", "groups": [group.pk], "plans": []}
        value = {**shown, "content": FOR_TRADE, "otherwise": FOR_OTHERS}
        home.body = [{"type": "only_for", "value": value}]
        home.save_revision(user=staff).publish()
