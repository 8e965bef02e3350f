"""How customers come into being. Each action is one transaction, safe under concurrency, and sends no mail.

Signals go out after the commit. ``site`` is a ``django.contrib.sites`` site, ``language`` a code like "it".
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from oscar_customers_ext.audit import RESTORE, log_all
from oscar_customers_ext.conf import conf
from oscar_customers_ext.contacts.actions import get_or_create_contact, record_consent
from oscar_customers_ext.contacts.models import ConsentState, Contact, MailingList
from oscar_customers_ext.exceptions import CustomerExists, InvalidEmail
from oscar_customers_ext.signals import customer_created, customer_touched, order_linked

from . import counters
from .addresses.actions import add_first_addresses
from .models import Customer, CustomerOrder, CustomerSource
from .models.source import source_name
from .ownership import find_customer, has_proved, shares_address, usable_address
from .profile import blanks_to_fill, profile_of_order, profile_of_user

SHOP, REGISTRATION, STAFF, NEWSLETTER = "shop", "registration", "staff", "newsletter"


@transaction.atomic
def create_customer(*, email: str, source: str = STAFF, site: Any = None, **columns: Any) -> Customer:
    """A new customer with its contact; ``email`` may be empty, other columns of Customer go by their names.

    Raises CustomerExists (``error.customer``), InvalidEmail, or ValidationError with a sentence per column.
    """
    namesake = Customer.objects.for_email(email).first()
    if namesake:
        raise CustomerExists(namesake)
    try:
        Customer(email=email, **columns).full_clean(exclude=["contact", "user"])
        return _insert(email=email, source=source, site=site, **columns)
    except (IntegrityError, ValidationError):
        # Another process may have been quicker, before the check or after it.
        namesake = Customer.objects.for_email(email).first()
        if namesake is None:
            raise
        raise CustomerExists(namesake) from None


@transaction.atomic
def touch_customer(*, email: str, source: str, site: Any = None, **columns: Any) -> Customer:
    """The customer of this address, made if need be, with the source noted once (and when it was first seen).

    Whoever typed the address proved nothing: the columns count for a new row only. Raises InvalidEmail for no or a
    malformed address, ValidationError with a sentence per column. The name of a source may be of any length: see
    ``source_name``.
    """
    if not email.strip():
        raise InvalidEmail
    source = source_name(source)
    is_new_source = True
    try:
        customer = create_customer(email=email, source=source, site=site, **columns)
    except CustomerExists as error:
        customer = error.customer
        is_new_source = _note_source(customer, source, timezone.now())
        _note_site(customer, site)
    transaction.on_commit(
        lambda: customer_touched.send_robust(
            sender=Customer, customer=customer, source=source, is_new_source=is_new_source
        ),
        robust=True,
    )
    return customer


@transaction.atomic
def subscribe_address(
    email: str,
    *,
    text: str,
    source: str = NEWSLETTER,
    site: Any = None,
    mailing_list: MailingList | None = None,
    confirmed: bool = False,
) -> Contact:
    """Subscribes whoever reads mail at this address, and enters them into the register of customers.

    For a form of the site's own: the caller knows that the address's owner asked for it. ``text`` are the words that
    the form showed, ``source`` names the form. With OSCAR_CUSTOMERS_CREATE_ON_NEWSLETTER off a contact is all that is
    made. Idempotent. Raises InvalidEmail, and ConsentObjected unless ``confirmed``.
    """
    if not email.strip():
        raise InvalidEmail
    if conf.CREATE_ON_NEWSLETTER:
        contact = touch_customer(email=email, source=NEWSLETTER, site=site).contact
    else:
        contact = get_or_create_contact(email=email)
    record_consent(
        contact,
        state=ConsentState.SUBSCRIBED,
        source=source,
        text=text,
        mailing_list=mailing_list,
        confirmed=confirmed,
    )
    return contact


@transaction.atomic
def register_user(
    user: Any,
    *,
    site: Any = None,
    language: str = "",
    created_at: datetime | None = None,
    address_is_shared: bool | None = None,
) -> Customer | None:
    """The customer that belongs to this user, made for a new address. Idempotent.

    None when a customer has the address already and the user has not proved it (that row is left alone), or when
    other active users share the address (the row is then made for nobody in particular). Whether they do is looked
    up, unless the caller knows.
    """
    email, key = usable_address(user.email)
    customer, own = find_customer(user, key)
    if customer is None:
        birth = {"site": site, "seen_at": created_at, "language": language, **profile_of_user(user)}
        customer, own, _is_new = _insert_for(
            user, email, key, address_is_shared, source=REGISTRATION, **birth
        )
    return customer if own else None


@transaction.atomic
def link_order(order: Any, *, language: str = "") -> Customer | None:
    """Links the order to its customer, made if need be, and recounts that customer's orders. Idempotent.

    The link is ``proven`` when the order was placed by the account that the customer belongs to. Anything else
    changes no column that describes an existing customer: counters, source and site are noted, and an archived one
    comes back into the list. None is returned, and
    nothing linked, for an order without a usable address, and for a guest's first order where
    OSCAR_CUSTOMERS_CREATE_FOR_GUESTS is off.
    """
    link = getattr(order, "customer_link", None)
    if link:
        return link.customer
    user = order.user
    email, key = usable_address(order.email, order.guest_email)
    customer, proven = find_customer(user, key)
    profile, is_new = profile_of_order(order), False
    if customer is None:
        if user is None and (key is None or not conf.CREATE_FOR_GUESTS):
            return None
        birth = {"seen_at": order.date_placed, "language": language, **profile, **counters.of_first(order)}
        customer, proven, is_new = _insert_for(user, email, key, source=SHOP, site=order.site_id, **birth)
    try:
        with transaction.atomic():
            CustomerOrder.objects.create(order=order, customer=customer, email=email, proven=proven)
    except IntegrityError:
        # Another process was told of the same order and was quicker.
        return CustomerOrder.objects.select_related("customer").get(order=order).customer
    if is_new and not customer.is_registered:
        # With an account Oscar's checkout has filled the address book.
        add_first_addresses(customer, order)
    if not is_new:
        _welcome_back(customer, order, blanks_to_fill(customer, profile) if proven else {})
    _tell_of_link(order, customer, proven)
    return customer


def _tell_of_link(order: Any, customer: Customer, proven: bool) -> None:
    if not order_linked.has_listeners(Customer):
        return
    # Read anew: within the checkout the instance holds a number that is an int (Oscar, order/utils.py:36).
    stored = type(order)._default_manager.get(pk=order.pk)
    transaction.on_commit(
        lambda: order_linked.send_robust(sender=Customer, order=stored, customer=customer, proven=proven),
        robust=True,
    )


def _welcome_back(customer: Customer, order: Any, changes: dict[str, Any]) -> None:
    """What an order means for a customer who was there: counters, the visit, and a way out of the archive."""
    if customer.orders_count == 0:  # with the first order the source is noted, and the buyer waits
        _note_source(customer, SHOP, order.date_placed)
    _note_site(customer, order.site_id)
    if customer.archived_at:
        changes = {**changes, "archived_at": None}
        log_all([customer], RESTORE, data={"order": str(order.number)})
    counted = counters.compute(customer)
    for name, value in {**changes, **counted}.items():
        setattr(customer, name, value)
    if changes:
        customer.save(update_fields=[*counters.FIELDS, *changes, "modified_at"])
    else:
        # The buyer waits: save() would work out search text and keys that cannot have changed.
        Customer.objects.filter(pk=customer.pk).update(**counted)


def _insert_for(
    user: Any, email: str, key: str | None, address_is_shared: bool | None = None, **birth: Any
) -> tuple[Customer, bool, bool]:
    """A row born with this buyer (None: a guest), or the one that somebody else inserted a moment ago.

    Says whether it is the buyer's own, and whether it is new.
    """
    owner = user
    if user is not None and key is not None:
        shared = shares_address(user, key) if address_is_shared is None else address_is_shared
        owner = None if shared and not has_proved(user, key) else user
    try:
        return _insert(email=email, user=owner, **birth), owner is not None, True
    except IntegrityError:
        customer, own = find_customer(user, key)
        if customer is None:
            raise
        return customer, own, False


@transaction.atomic
def _insert(
    *, email: str, source: str, site: Any = None, seen_at: datetime | None = None, **columns: Any
) -> Customer:
    seen_at = seen_at or timezone.now()
    contact = get_or_create_contact(email=email)
    customer = Customer.objects.create(email=email, contact=contact, created_at=seen_at, **columns)
    CustomerSource.objects.create(customer=customer, source=source_name(source), first_seen=seen_at)
    if site is not None:
        customer.sites.add(site)
    transaction.on_commit(
        lambda: customer_created.send_robust(sender=Customer, customer=customer, source=source), robust=True
    )
    return customer


def _note_source(customer: Customer, source: str, seen_at: datetime) -> bool:
    """Says whether the customer had not been met there before."""
    _source, is_new = CustomerSource.objects.get_or_create(
        customer=customer, source=source, defaults={"first_seen": seen_at}
    )
    return is_new


def _note_site(customer: Customer, site: Any) -> None:
    visits = Customer.sites.through.objects
    if site is not None and not visits.filter(customer=customer, site=site).exists():
        customer.sites.add(site)
