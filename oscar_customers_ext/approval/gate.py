"""Who may place an order, and what the others are told.

What fails in here is logged and lets the buyer pass: only a customer who is known not to be approved is stopped.
"""

import logging
from contextlib import nullcontext
from enum import StrEnum
from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from oscar.core.loading import get_class

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.actions import register_user
from oscar_customers_ext.customers.locks import short_locks
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.ownership import may_prove, usable_address
from oscar_customers_ext.customers.states import DECLINED

UnableToPlaceOrder = get_class("order.exceptions", "UnableToPlaceOrder")

logger = logging.getLogger("oscar_customers_ext")

SENTENCE = "oscar_customers_ext/shop/approval/sentence.txt"


class Refusal(StrEnum):
    PENDING = "pending"
    DECLINED = "declined"
    #: Signed in, without a customer, in a shop where new customers wait for approval; or with the address of a
    #: customer who may not buy.
    UNKNOWN = "unknown"
    #: Not signed in, in a shop where guests may not buy.
    GUEST = "guest"
    #: Not signed in, with the address of a customer who may not buy. One for all reasons, and for every address that
    #: has an account: whoever types somebody's address must not learn what was decided about that person.
    ADDRESS = "address"


def refusal_of(request: HttpRequest, *, email: str = "") -> Refusal | None:
    """Why whoever sends this request may not buy; None for everybody else. Asked several times, it looks up once.

    ``email`` is the address that the buyer gave. It is looked up for those only who are not known as a customer.
    """
    return refusal_for(getattr(request, "user", None), email=email, request=request)


def refusal_for(user: Any, *, email: str = "", request: HttpRequest | None = None) -> Refusal | None:
    """The same for a buyer who need not be the one who sends the request."""
    known = request.__dict__.setdefault("_customers_refusals", {}) if request is not None else {}
    asked = (getattr(user, "pk", None), email)
    if asked not in known:
        try:
            known[asked] = _decide(user, email, request)
        except Exception:
            logger.exception("Whether user %s may buy could not be found out", asked[0])
            known[asked] = None
    return known[asked]


def _decide(user: Any, email: str, request: HttpRequest | None) -> Refusal | None:
    if user is None or not user.is_authenticated:
        if not conf.GUESTS_MAY_BUY:
            return Refusal.GUEST
        return Refusal.ADDRESS if _address_is_refused(email) else None
    customer = _customer_of(user, request)
    if customer is not None:
        return None if customer.approved_buyer else Refusal(customer.approval_state)
    refused = not conf.APPROVE_NEW_CUSTOMERS or _address_is_refused(email)
    return Refusal.UNKNOWN if refused else None


def _address_is_refused(email: str) -> bool:
    """Whether somebody who is not known as a customer may not buy with this address, because its customer may not.

    Where new customers wait for approval, guests wait from their first order on: in a shop that lets guests buy that
    is no refusal, as long as nobody declined them.
    """
    key = usable_address(email)[1]
    if key is None:
        return False
    refused = Customer.objects.filter(email_key=key, approved_buyer=False)
    if not conf.APPROVE_NEW_CUSTOMERS:
        refused = refused.filter(DECLINED | Q(user__isnull=False))
    with _savepoint():
        return refused.exists()


def _customer_of(user: Any, request: HttpRequest | None) -> Customer | None:
    """Looked up once per user and request, whatever addresses are asked about; a lookup that fails is not repeated."""
    found = request.__dict__.setdefault("_customers_of_users", {}) if request is not None else {}
    if user.pk not in found:
        try:
            found[user.pk] = _look_up(user, request)
        except Exception as error:
            found[user.pk] = error
    if isinstance(found[user.pk], Exception):
        raise found[user.pk]
    return found[user.pk]


def _look_up(user: Any, request: HttpRequest | None) -> Customer | None:
    # To ask whether the request has a customer is a query already.
    with _savepoint():
        if request is not None and hasattr(request, "customer") and user == request.user:
            return request.customer
        return Customer.objects.filter(user_id=user.pk).first()


def _savepoint() -> Any:
    """Where the request is one transaction, a statement that fails would break it in spite of being caught."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def refuse(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who may not buy; None for everybody else."""
    refusal = refusal_of(request)
    if refusal is None:
        return None
    if refusal is Refusal.UNKNOWN and _takes_in(request):
        refusal = Refusal.PENDING
    url = way_out(request, refusal)
    if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
        return JsonResponse({"error": sentence(refusal, request.user), "url": url}, status=403)
    tell(request, refusal)
    return HttpResponseRedirect(url)


def ensure_may_buy(user: Any, *, email: str = "", request: HttpRequest | None = None) -> None:
    """Raises UnableToPlaceOrder with a sentence for the buyer."""
    refusal = refusal_for(user, email=email, request=request)
    if refusal is not None:
        raise UnableToPlaceOrder(sentence(refusal, user))


def sentence(refusal: Refusal, user: Any = None) -> str:
    """What is wrong and what to do, in a template that a site can reword.

    Whoever has not proved the own address reads how to, be it a customer's or not: nobody learns which it is.
    """
    context = {"refusal": refusal.value, "may_prove": _could_prove(user)}
    return " ".join(render_to_string(SENTENCE, context).split())


def _could_prove(user: Any) -> bool:
    try:
        with _savepoint():
            return user is not None and user.is_authenticated and may_prove(user)
    except Exception:
        logger.exception("Whether user %s has proved the address could not be found out", user.pk)
        return False


def way_out(request: HttpRequest, refusal: Refusal) -> str:
    """Guests go where they can sign in or register, and come back from there; everybody else to the basket."""
    if refusal is Refusal.ADDRESS:
        return reverse("checkout:index")
    if refusal is Refusal.GUEST:
        return f"{reverse('customer:login')}?{urlencode({'next': reverse('checkout:index')})}"
    return reverse("basket:summary")


def tell(request: HttpRequest, refusal: Refusal) -> None:
    """Leaves a message for the next page, unless the same one is waiting there."""
    text = sentence(refusal, getattr(request, "user", None))
    waiting = messages.get_messages(request)
    if isinstance(waiting, list):  # a site without messages
        return
    used = waiting.used
    told = any(str(message) == text for message in waiting)
    # Looking at the messages marks them as shown.
    waiting.used = used
    if not told:
        messages.warning(request, text)


def _takes_in(request: HttpRequest) -> bool:
    """Makes the customer that staff can approve: without one, the user would wait for ever."""
    try:
        with short_locks():
            site = Site.objects.get_current(request)
            return register_user(request.user, site=site, language=get_language() or "") is not None
    except Exception:
        logger.exception("User %s has no customer; run: manage.py reconcile_customers", request.user.pk)
        return False
