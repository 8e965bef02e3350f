"""Pages of the shop for buyers. A site mounts them beside Oscar's:

``path("shop/customer/", include("oscar_customers_ext.urls"))``
"""

from typing import Any

from django.urls import path

from .memberships.account import MembershipsView

app_name = "oscar_customers_shop"

urlpatterns: list[Any] = [
    path("memberships/", MembershipsView.as_view(), name="memberships"),
]
