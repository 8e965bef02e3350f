from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from oscar_customers_ext.customers.listing.columns import WIDE, ListColumn


class TagsColumn(Column):
    """The tags, each linked to the list of all customers who have it."""

    cell_template_name = "oscar_customers_ext/admin/tags/cell.html"

    def get_value(self, instance):
        return instance.tags.all()


TAGS = ListColumn(TagsColumn("tags", label=_("Tags"), classname=WIDE), prefetch_related=["tags"])
