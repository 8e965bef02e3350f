from wagtail.admin.views.generic.history import HistoryView

from oscar_customers_ext.policies import ObjectPolicyMixin


class ObjectHistoryView(ObjectPolicyMixin, HistoryView):
    """Wagtail's history of one object, for those who may read this very object."""

    any_permission_required = ("view", "change")

    def get_context_data(self, **kwargs):
        # Oscar's context processor has one of this name, for products, which Wagtail's header would show.
        return super().get_context_data(search_form=None, **kwargs)
