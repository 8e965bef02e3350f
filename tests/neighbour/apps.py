from django.apps import AppConfig

from oscar_customers_ext.apps import OscarCustomersConfig


class NeighbourConfig(AppConfig):
    name = "tests.neighbour"


class ShopCustomersConfig(OscarCustomersConfig):
    customer_viewset = "tests.neighbour.viewsets.ShopCustomerViewSet"
