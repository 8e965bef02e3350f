"""The Customers menu: which features show where. A site replaces a viewset by naming its own on the AppConfig."""

from oscar_customers_ext.customers.listing.columns import ListColumn
from oscar_customers_ext.customers.panels import FormTab, LazyTab, Section, SectionTab, details_tab
from oscar_customers_ext.customers.tags.viewsets import TagViewSet

from .approvals import ApprovalViewSet
from .customers import CustomerViewSet
from .groups import GroupViewSet
from .menu import CustomersGroup
from .orders import OrderViewSet

__all__ = [
    "ApprovalViewSet",
    "CustomerViewSet",
    "CustomersGroup",
    "FormTab",
    "GroupViewSet",
    "LazyTab",
    "ListColumn",
    "OrderViewSet",
    "Section",
    "SectionTab",
    "TagViewSet",
    "details_tab",
]
