"""Giving tags to many customers, and mending tags. Each action is one transaction and is logged.

``actor`` is the member of staff who acts, None when the shop itself does. Names may be any spelling of a tag.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.audit import DELETE, EDIT, log_all
from oscar_customers_ext.customers.models import Customer

from .audit import ADD_TAG, MERGE_TAGS, REMOVE_TAG
from .manager import get_or_create_tags
from .models import CustomerTag, TaggedCustomer
from .spelling import tag_name


@transaction.atomic
def add_tag(pks: Iterable[int], name: str, *, actor: Any) -> list[Customer]:
    """Gives the customers this tag, made if need be; returns those who did not have it. Idempotent.

    Raises ValidationError with a sentence for what cannot be a tag.
    """
    (tag,) = get_or_create_tags([name])
    customers = _locked(pks)
    tagged = TaggedCustomer.objects.filter(
        tag=tag, content_object__in=[customer.pk for customer in customers]
    )
    having = set(tagged.values_list("content_object", flat=True))
    changed = [customer for customer in customers if customer.pk not in having]
    rows = [TaggedCustomer(tag=tag, content_object=customer) for customer in changed]
    TaggedCustomer.objects.bulk_create(rows, ignore_conflicts=True)
    return _note(changed, ADD_TAG, tag, actor)


@transaction.atomic
def remove_tag(pks: Iterable[int], name: str, *, actor: Any) -> list[Customer]:
    """Takes this tag away from the customers; returns those who had it. Idempotent. The tag itself stays."""
    tag = CustomerTag.objects.of_names([name]).first()
    if tag is None:
        return []
    customers = _locked(pks)
    tagged = TaggedCustomer.objects.filter(
        tag=tag, content_object__in=[customer.pk for customer in customers]
    )
    having = set(tagged.values_list("content_object", flat=True))
    tagged.delete()
    return _note([customer for customer in customers if customer.pk in having], REMOVE_TAG, tag, actor)


@transaction.atomic
def rename_tag(tag: CustomerTag, name: str, *, actor: Any) -> CustomerTag:
    """Customers keep it, and addresses that filter by it still work.

    Raises ValidationError for what cannot be a tag, and for a spelling of another one: that is for merge_tags().
    """
    old, tag.name = tag.name, tag_name(name)
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError:
        tag.name = old
        raise ValidationError(
            _("There is a tag of this name already. Merge the two."), code="unique"
        ) from None
    if tag.name != old:
        log_all([tag], EDIT, actor=actor, data={"changes": {"name": [old, tag.name]}})
    return tag


@transaction.atomic
def merge_tags(tags: Collection[CustomerTag], *, into: CustomerTag, actor: Any) -> CustomerTag:
    """Whoever has one of the tags has ``into`` afterwards, once; the others are deleted."""
    merged = [tag for tag in CustomerTag.objects.filter(pk__in=[tag.pk for tag in tags]) if tag != into]
    for tag in merged:
        having = TaggedCustomer.objects.filter(tag=into, content_object=OuterRef("content_object"))
        TaggedCustomer.objects.filter(~Exists(having), tag=tag).update(tag=into)
    if merged:
        log_all([into], MERGE_TAGS, actor=actor, data={"merged": [tag.name for tag in merged]})
        delete_tags(merged, actor=actor)
    return into


@transaction.atomic
def delete_tags(tags: Collection[CustomerTag], *, actor: Any) -> None:
    """Customers who have them stay, without."""
    log_all(tags, DELETE, actor=actor)
    CustomerTag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()


def _locked(pks: Iterable[int]) -> list[Customer]:
    return list(Customer.objects.locked().filter(pk__in=list(pks)).order_by("pk"))


def _note(changed: list[Customer], action: str, tag: CustomerTag, actor: Any) -> list[Customer]:
    Customer.objects.filter(pk__in=[customer.pk for customer in changed]).update(modified_at=timezone.now())
    log_all(changed, action, actor=actor, data={"tag": tag.name})
    return changed
