"""Why there is no tax, in the order's mail. Imports no model at the top, see ``loader``."""

import logging
from typing import Any

from django.template.loader import render_to_string

logger = logging.getLogger("oscar_customers_ext")


class OrderDispatcherMixin:
    """Over ``order.utils.OrderDispatcher``. Its text has no block to extend, and a shop may have reworded it by hand."""

    def dispatch_order_messages(
        self, order: Any, messages: dict[str, Any], event_code: str, *args: Any, **kwargs: Any
    ) -> Any:
        if event_code == getattr(self, "ORDER_PLACED_EVENT_CODE", None):
            messages = with_tax_safely(order, messages)
        return super().dispatch_order_messages(order, messages, event_code, *args, **kwargs)  # type: ignore[misc]


def with_tax_safely(order: Any, messages: dict[str, Any]) -> dict[str, Any]:
    try:
        return _with_tax(order, messages)
    except Exception:
        logger.exception("The mail of order %s does not say why there is no tax", order.number)
        return messages


def _with_tax(order: Any, messages: dict[str, Any]) -> dict[str, Any]:
    identity = getattr(order, "tax_identity", None)
    body = messages.get("body")
    if identity is None or not body:
        return messages
    said = render_to_string("oscar_customers_ext/shop/tax/of_order.txt", {"identity": identity}).strip()
    # A shop may say it where it likes, with the same template.
    if not said or said in body:
        return messages
    return {**messages, "body": f"{body.rstrip()}\n\n{said}\n"}
