from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from oscar_customers_ext.verdicts import Verdict

from . import gate

RULE = "approval"


def verdict(user: Any, *, email: str = "", request: HttpRequest | None = None) -> Verdict:
    """Whether this buyer may place orders; when not, in the sentence that the checkout would show."""
    refusal = gate.refusal_for(user, email=email, request=request)
    if refusal is None:
        return Verdict(RULE, True, "may-buy", _("May place orders."))
    return Verdict(RULE, False, refusal.value, gate.sentence(refusal))
