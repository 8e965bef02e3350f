"""The order's own copy of why it carries no tax, and who bought. Imports no model at the top, see ``loader``."""

import logging
from importlib import import_module
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from .rules import EXEMPTION, reason_of
from .strategy import decision_of

IDENTITIES = "oscar_customers_ext.tax.vat.session"
TASKS = "oscar_customers_ext.tax.vat.tasks"

logger = logging.getLogger("oscar_customers_ext")


class OrderCreatorMixin:
    """Over ``order.utils.OrderCreator``. The copy is there with the order, before anybody is told of it."""

    def create_order_model(
        self,
        user: Any,
        basket: Any,
        shipping_address: Any,
        shipping_method: Any,
        shipping_charge: Any,
        billing_address: Any,
        total: Any,
        order_number: Any,
        status: Any,
        request: Any = None,
        **kwargs: Any,
    ) -> Any:
        order = super().create_order_model(  # type: ignore[misc]
            user,
            basket,
            shipping_address,
            shipping_method,
            shipping_charge,
            billing_address,
            total,
            order_number,
            status,
            request,
            **kwargs,
        )
        freeze_safely(order, basket=basket, request=request, user=user)
        return order


def freeze_safely(order: Any, *, basket: Any, request: Any, user: Any) -> None:
    """An order without its copy is better than none."""
    try:
        with transaction.atomic():
            freeze(order, basket=basket, request=request, user=user)
    except Exception:
        logger.exception("Order %s has no copy of its tax identity", order.number)


def freeze(order: Any, *, basket: Any, request: Any, user: Any) -> Any:
    """Keeps what was applied to this order; None where there is nothing to say. Not decided anew: prices are made."""
    facts: dict[str, Any] = {}
    for collect in COLLECTORS:
        facts |= collect(order, basket=basket, request=request, user=user)
    copies = get_model("oscar_customers_ext", "OrderTaxIdentity")
    if not facts:
        # The mail asks the order for its copy.
        copies._meta.get_field("order").remote_field.set_cached_value(order, None)
        return None
    return copies.objects.create(order=order, **facts)


def exemption_facts(order: Any, *, basket: Any, request: Any, user: Any) -> dict[str, Any]:
    decision = decision_of(basket)
    if decision is None or not decision.is_exempt:
        return {}
    verdict = decision.verdict
    address = order.shipping_address
    sent_to = address.country_id if address else ""
    if address and decision.country not in ("", sent_to):
        logger.warning(
            "Order %s was made exempt from tax for %s and goes to %s", order.number, decision.country, sent_to
        )
    return {
        "is_exempt": True,
        "exemption_id": verdict.about.pk if verdict.rule == EXEMPTION else None,
        "exemption_reason": reason_of(verdict)[:255],
        "country_code": (decision.country or sent_to) if address else "",
    }


def identity_facts(order: Any, *, basket: Any, request: Any, user: Any) -> dict[str, Any]:
    """Company and VAT number as the last page showed them, with what the registry said by then."""
    if not hasattr(request, "session"):
        return {}
    identity = import_module(IDENTITIES).identity_of(request)
    if not identity:
        return {}
    facts = {"company_name": identity.company_name[:255], "vat_number": identity.vat_number[:32]}
    if identity.verdict is not None:
        facts |= {
            "vat_state": identity.verdict.state,
            "vat_checked_at": identity.verdict.checked_at,
            "consultation_number": identity.verdict.consultation_number,
        }
        if not identity.verdict.is_fresh:
            # Wholly after the commit, so that nothing of it takes the copy along.
            check_later = import_module(TASKS).check_later
            transaction.on_commit(lambda: check_later(identity.vat_number, is_ordered=True), robust=True)
    return facts


#: What the copy is made of: each adds columns of OrderTaxIdentity, or nothing.
COLLECTORS = (exemption_facts, identity_facts)
