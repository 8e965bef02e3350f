"""The groups and tags of invented people, in shares of every size."""

from functools import cache

from demo.crowd.person import dice_of
from oscar_customers_ext.models import Customer, CustomerGroup, CustomerTag, TaggedCustomer

IN_GROUP = Customer.groups.through
#: Name -> the share of customers.
GROUPS = {"regulars": 0.1, "trade": 0.01, "founders": 0.001}
TAGS = {"fair": 0.1, "press": 0.01, "complaint": 0.001}


@cache
def _keys():
    """Primary keys by name, made where they are missing."""
    groups = {name: get_group(name).pk for name in GROUPS}
    tags = {name: CustomerTag.objects.get_or_create(key=name, defaults={"name": name})[0].pk for name in TAGS}
    return groups, tags


def get_group(name):
    return CustomerGroup.objects.get_or_create(slug=name, defaults={"name": name.capitalize()})[0]


def prepare():
    """Before several processes write at once."""
    _keys.cache_clear()
    _keys()


def rows_of(seed, customer):
    dice = dice_of(seed, customer.pk, purpose=2)
    groups, tags = _keys()
    for name, share in GROUPS.items():
        if dice.random() < share:
            yield IN_GROUP(customer_id=customer.pk, customergroup_id=groups[name])
    for name, share in TAGS.items():
        if dice.random() < share:
            yield TaggedCustomer(content_object_id=customer.pk, tag_id=tags[name])
