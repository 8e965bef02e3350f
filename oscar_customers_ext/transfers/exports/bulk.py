"""From ticked customers, or from all that the list finds, to the page of the export."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.bulk import CustomerBulkAction

from .selections import PERMISSION


class ExportBulkAction(CustomerBulkAction):
    display_name = _("Export")
    action_type = "export"
    aria_label = _("Export the selected customers to a file")
    action_priority = 8
    permission_required = PERMISSION

    def get(self, request, *args, **kwargs):
        view = self.listing()
        view.setup(request)
        parameters = [view.list_query] if view.list_query else []
        ids = request.GET.getlist("id")
        if "all" not in ids:
            parameters.append(urlencode({"id": ids}, doseq=True))
        return redirect(f"{reverse('oscar_customers:export')}?{'&'.join(parameters)}")

    def post(self, request, *args, **kwargs):
        """Nothing is posted here: the page of the export is."""
        return self.get(request, *args, **kwargs)


BULK_ACTIONS = (ExportBulkAction,)
