"""Where what happens to a customer is recorded, read as one query over all these tables.

Each record has the same columns: ``kind``, ``at``, ``ref`` (a primary key, for a link or to read more), up to three
texts, and the primary key of the member of staff (as text: a site's users may have any).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from oscar_customers_ext.accounts.proof import STAFF
from oscar_customers_ext.audit import CREATE
from oscar_customers_ext.baskets.carts import abandoned_baskets
from oscar_customers_ext.contacts.models import ConsentEntry
from oscar_customers_ext.customers.actions import SHOP
from oscar_customers_ext.customers.models import Customer, CustomerOrder, CustomerSource, VerifiedEmail
from oscar_customers_ext.customers.notes.models import CustomerNote
from oscar_customers_ext.memberships.models import Membership

from .actions_of import ALL_ACTIONS, TOLD_BY_ROWS, hidden_actions

#: An order that was linked later than this after it was placed gets an event of its own for that.
AT_ONCE = timedelta(minutes=5)

#: How much of a note is told.
EXCERPT = 200

#: What the timeline can be narrowed to, and the permission that it takes; None where the customer's is enough.
TOPICS = {
    "changes": (_("Changes"), None),
    "orders": (_("Orders"), "order.view_order"),
    "carts": (_("Carts"), "basket.view_basket"),
    "groups": (_("Groups and tags"), None),
    "memberships": (_("Memberships"), "oscar_customers_ext.view_membership"),
    "coupons": (_("Coupons"), "oscar_customers_ext.view_customervoucher"),
    "tax": (_("Tax"), "oscar_customers_ext.view_taxexemption"),
    "newsletter": (_("Newsletter"), None),
    "notes": (_("Notes"), "oscar_customers_ext.view_customernote"),
    "account": (_("Account"), "oscar_customers_ext.manage_account_customer"),
}


def visible_topics(user: Any) -> dict[str, Any]:
    """What this member of staff may see, with its label."""
    return {
        name: label
        for name, (label, permission) in TOPICS.items()
        if permission is None or user.has_perm(permission)
    }


def records_of(
    customer: Customer,
    topics: Collection[str],
    until: datetime | None = None,
    orders: Any = None,
    sites: Collection[int] | None = None,
) -> QuerySet[Any]:
    """The records of these topics up to that moment, newest first; of ``orders`` and carts of ``sites`` only, where these are given."""
    arms = [_logged(customer, topics)]
    hidden: dict[str, dict[str, Any]] = {"orders": {"orders": orders}, "carts": {"sites": sites}}
    for topic, read in READERS.items():
        if topic in topics:
            arms += read(customer, **hidden.get(topic, {}))
    if until is not None:
        arms = [arm.filter(record_at__lte=until) for arm in arms]
    return arms[0].union(*arms[1:], all=True).order_by("-record_at", "record_kind", "-record_ref")


def _arm(
    rows: Any,
    kind: str,
    *,
    at: Any,
    ref: str = "pk",
    texts: tuple[Any, ...] = (),
    actor: str = "",
) -> Any:
    def text(expression: Any) -> Any:
        return Cast(F(expression) if isinstance(expression, str) else expression, CharField())

    nothing = Value("", CharField())
    one, two, three = [*map(text, texts), nothing, nothing, nothing][:3]
    return rows.order_by().values(
        record_kind=Value(kind, CharField()),
        record_at=at if not isinstance(at, str) else F(at),
        record_ref=F(ref),
        record_one=one,
        record_two=two,
        record_three=three,
        record_actor=Cast(F(actor), CharField()) if actor else nothing,
    )


def _logged(customer: Customer, topics: Collection[str]) -> Any:
    """What staff did. An action that no topic knows, a site's own say, is a change."""
    entries = ModelLogEntry.objects.for_instance(customer).exclude(action__in=[CREATE, *TOLD_BY_ROWS])
    if "changes" in topics:
        entries = entries.exclude(action__in=hidden_actions(topics))
    else:
        entries = entries.filter(
            action__in=[action for topic in topics for action in ALL_ACTIONS.get(topic, ())]
        )
    return _arm(entries, "logged", at="timestamp")


def _changes(customer: Customer) -> list[Any]:
    born = Customer.objects.filter(pk=customer.pk)
    # The first source came with the customer, and is told there; an order tells of itself.
    sources = CustomerSource.objects.filter(customer=customer, first_seen__gt=customer.created_at)
    later = sources.exclude(source=SHOP)
    return [
        _arm(born, "created", at="created_at"),
        _arm(later, "source", at="first_seen", texts=("source",)),
    ]


def _orders(customer: Customer, orders: Any = None) -> list[Any]:
    links = CustomerOrder.objects.filter(customer=customer)
    placed_plus = ExpressionWrapper(F("order__date_placed") + AT_ONCE, output_field=DateTimeField())
    changes = get_model("order", "OrderStatusChange").objects.filter(order__customer_link__customer=customer)
    if orders is not None:
        links, changes = links.filter(order__in=orders), changes.filter(order__in=orders)
    return [
        _arm(
            links.filter(proven=True),
            "placed",
            at="order__date_placed",
            ref="order_id",
            texts=("order__number",),
        ),
        _arm(
            links.filter(proven=False),
            "placed_unproven",
            at="order__date_placed",
            ref="order_id",
            texts=("order__number",),
        ),
        _arm(
            links.filter(linked_at__gt=placed_plus),
            "linked",
            at="linked_at",
            ref="order_id",
            texts=("order__number",),
        ),
        _arm(
            changes,
            "status",
            at="date_created",
            ref="order_id",
            texts=("order__number", "old_status", "new_status"),
        ),
    ]


def _carts(customer: Customer, sites: Collection[int] | None = None) -> list[Any]:
    baskets = abandoned_baskets(customer, sites=sites)
    return [_arm(baskets, "cart", at="last_change", texts=("status",))]


def _notes(customer: Customer) -> list[Any]:
    notes = CustomerNote.objects.filter(customer=customer)
    return [_arm(notes, "note", at="created_at", texts=(Substr("text", 1, EXCERPT + 1),), actor="author_id")]


def _memberships(customer: Customer) -> list[Any]:
    """The beginnings and ends that have come by themselves; what staff did with them is in the log."""
    now = timezone.now()
    memberships = Membership.objects.filter(customer=customer)
    lasted = Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("ends_at"))
    begun = Q(starts_at__lte=now) & (Q(revoked_at__isnull=True) | Q(revoked_at__gt=F("starts_at")))
    return [
        _arm(memberships.filter(begun), "membership_began", at="starts_at", texts=("plan__name",)),
        _arm(
            memberships.filter(lasted, ends_at__lte=now),
            "membership_ended",
            at="ends_at",
            texts=("plan__name",),
        ),
    ]


def _newsletter(customer: Customer) -> list[Any]:
    consents = ConsentEntry.objects.filter(contact=customer.contact_id)
    texts = ("state", "mailing_list__name", "source")
    return [_arm(consents, "consent", at="at", texts=texts, actor="staff_id")]


def _account(customer: Customer) -> list[Any]:
    if customer.user_id is None:
        return []
    user_model = Customer._meta.get_field("user").related_model
    user = user_model._default_manager.filter(pk=customer.user_id)
    names = {field.name for field in user_model._meta.get_fields()}
    arms = [
        _arm(
            # Whom staff vouched for stands in the log, with the member of staff.
            VerifiedEmail.objects.filter(user=customer.user_id).exclude(source=STAFF),
            "proven",
            at="verified_at",
            texts=("email", "source"),
        )
    ]
    # A site's own model of users may lack either.
    if "last_login" in names:
        arms.append(
            _arm(user.filter(last_login__isnull=False), "signed_in", at="last_login", ref="oscar_customer")
        )
    if "date_joined" in names:
        arms.append(_arm(user, "joined", at="date_joined", ref="oscar_customer"))
    return arms


READERS = {
    "changes": _changes,
    "orders": _orders,
    "carts": _carts,
    "memberships": _memberships,
    "newsletter": _newsletter,
    "notes": _notes,
    "account": _account,
}
