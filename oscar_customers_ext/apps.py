from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OscarCustomersConfig(AppConfig):
    name = "oscar_customers_ext"
    verbose_name = _("Customers")
    default_auto_field = "django.db.models.BigAutoField"

    #: Dotted paths of the viewsets in the Wagtail admin. A site that wants its own subclasses this AppConfig.
    customer_viewset = "oscar_customers_ext.viewsets.CustomerViewSet"
    order_viewset = "oscar_customers_ext.viewsets.OrderViewSet"
    approval_viewset = "oscar_customers_ext.viewsets.ApprovalViewSet"
    membership_plan_viewset = "oscar_customers_ext.memberships.viewsets.MembershipPlanViewSet"
    group_viewset = "oscar_customers_ext.viewsets.GroupViewSet"
    tag_viewset = "oscar_customers_ext.viewsets.TagViewSet"

    def ready(self):
        from . import checks, receivers  # noqa: F401 - checks register themselves
        from .compat import register_policy
        from .customers.models import Customer
        from .customers.staff_sites.policies import CustomersOfSites, RowsOfSite

        # Before anybody asks for them: Wagtail then makes one of its own, and takes no other any more.
        register_policy(CustomersOfSites(Customer))
        register_policy(RowsOfSite("order.Order"))
        receivers.connect()
