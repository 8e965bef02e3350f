from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from oscar_customers_ext.customers.links import customer_url
from oscar_customers_ext.customers.models import Customer, CustomerSource
from oscar_customers_ext.customers.models.source import source_name
from oscar_customers_ext.customers.staff_sites.policies import shows_all
from oscar_customers_ext.policies import READ, PolicyMixin

PAGE = 20
#: What is more is not counted: somebody may ask for all who ever ordered.
AT_MOST = 1000


class FromSourceView(PolicyMixin, PermissionCheckedMixin, TemplateView):
    """The customers of ``?source=``, who came last first. Shown within a page's form, so it holds links and no form."""

    model = Customer
    any_permission_required = READ
    template_name = "oscar_customers_ext/admin/sources/customers.html"

    @cached_property
    def source(self):
        asked = self.request.GET.get("source", "").replace("\x00", "")
        return source_name(asked) if asked.strip() else ""

    def get_rows(self):
        """Archived ones too: they have signed up all the same."""
        rows = CustomerSource.objects.filter(source=self.source).order_by("-first_seen", "-pk")
        if not shows_all(self.permission_policy, self.request.user):
            allowed = self.permission_policy.instances_user_has_any_permission_for(self.request.user, READ)
            rows = rows.filter(customer__in=allowed.values("pk")).prefetch_related("customer__sites")
        return rows.select_related("customer")

    def get_context_data(self, **kwargs):
        rows = self.get_rows()
        count = rows[: AT_MOST + 1].count()
        page = Paginator(rows[:AT_MOST], PAGE).get_page(self.request.GET.get("p"))
        user = self.request.user
        return super().get_context_data(
            people=[(row.customer, row.first_seen, customer_url(user, row.customer)) for row in page],
            page=page,
            count=min(count, AT_MOST),
            there_are_more=count > AT_MOST,
            earlier=self.url_of(page.previous_page_number()) if page.has_previous() else None,
            later=self.url_of(page.next_page_number()) if page.has_next() else None,
            list_url=f"{reverse('oscar_customers:index')}?{urlencode({'source': self.source})}",
            **kwargs,
        )

    def url_of(self, number):
        return f"{self.request.path}?{urlencode({'source': self.source, 'p': number})}"
