"""What a buyer ordered as a guest, on Oscar's own pages. Laid over Oscar's views; imports no model.

Oscar shows the orders of ``order.user``, which is never touched here: the links that guests got by mail go on working.
Only proven orders are added, those whose address the account has proved.
"""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from oscar.core.loading import get_model


def _claimed(request: Any, orders: Any) -> Any:
    """The guest's orders among these that belong to the customer who is signed in; None where there are none to find."""
    customer = getattr(request, "customer", None)
    if customer is None:
        return None
    return orders.filter(user__isnull=True, customer_link__customer=customer.pk, customer_link__proven=True)


class OrderHistoryViewMixin:
    """Over ``customer.views.OrderHistoryView``."""

    def get_queryset(self) -> Any:
        own = super().get_queryset()
        claimed = _claimed(self.request, self.model._default_manager.all())
        if claimed is None:
            return own
        if self.form.is_bound and self.form.is_valid():
            claimed = claimed.filter(**self.form.get_filters())
        if not claimed.exists():
            return own
        # A union as subquery: OR over two tables would read all orders of the shop.
        either = own.order_by().values("pk").union(claimed.order_by().values("pk"))
        return self.model._default_manager.filter(pk__in=either)


class OrderDetailViewMixin:
    """Over ``customer.views.OrderDetailView``, which also puts an order into the basket again."""

    def get_object(self, queryset: Any = None) -> Any:
        try:
            return super().get_object(queryset)
        except Http404:
            claimed = _claimed(self.request, self.model._default_manager.all())
            if claimed is None:
                raise
            return get_object_or_404(claimed, number=self.kwargs["order_number"])


class OrderLineViewMixin:
    """Over ``customer.views.OrderLineView``, which puts one line into the basket again."""

    def get_object(self, queryset: Any = None) -> Any:
        try:
            return super().get_object(queryset)
        except Http404:
            claimed = _claimed(self.request, get_model("order", "Order")._default_manager.all())
            if claimed is None:
                raise
            order = get_object_or_404(claimed, number=self.kwargs["order_number"])
            return get_object_or_404(order.lines, pk=self.kwargs["line_id"])
