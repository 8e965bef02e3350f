"""What an editor decides about an import beside the columns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_customers_ext.customers.models.source import SOURCE_LENGTH
from oscar_customers_ext.transfers.cells import DateOrder
from oscar_customers_ext.transfers.fields import ALL
from oscar_customers_ext.transfers.shops.files import BY_KEY, recognise


class Policy(models.TextChoices):
    """What a cell of the file does with what is there already. An empty cell leaves everything as it is."""

    OVERWRITE = "overwrite", gettext_lazy("The file counts")
    FILL = "fill", gettext_lazy("Fill in what is empty")
    NEVER = "never", gettext_lazy("Leave as it is")


class Match(models.TextChoices):
    """By what a row finds its customer, in this order; never by a name."""

    ID = "id", gettext_lazy("Id in this register")
    EXTERNAL_ID = "external_id", gettext_lazy("Number in the other system")
    EMAIL = "email", gettext_lazy("E-mail address")
    NUMBER = "number", gettext_lazy("Customer number")


class Unknown(models.TextChoices):
    """What is done with a tag, group or country that the shop does not have."""

    CREATE = "create", gettext_lazy("Make it")
    LEAVE = "leave", gettext_lazy("Leave it out, with a message")
    FAIL = "fail", gettext_lazy("The row fails")


class Existing(models.TextChoices):
    UPDATE = "update", gettext_lazy("Change them")
    SKIP = "skip", gettext_lazy("Skip the row")


class New(models.TextChoices):
    CREATE = "create", gettext_lazy("Create them")
    SKIP = "skip", gettext_lazy("Skip the row")


class Accounts(models.TextChoices):
    NONE = "none", gettext_lazy("Nobody gets a user account")
    WITH_PASSWORD = "with_password", gettext_lazy("Rows with a password get a user account")
    ALL = "all", gettext_lazy("Every row gets a user account, without a password where the file has none")


class Consent(models.TextChoices):
    TAKE = "take", gettext_lazy("Take it from the column")
    SUBSCRIBED = "subscribed", gettext_lazy("Everybody in the file is subscribed")
    UNSUBSCRIBED = "unsubscribed", gettext_lazy("Everybody in the file is unsubscribed")
    LEAVE = "leave", gettext_lazy("Leave subscriptions as they are")


#: Fields whose policy can be chosen, with the one that counts unless another is.
POLICIES: dict[str, Policy] = {
    "name": Policy.OVERWRITE,
    "phone": Policy.OVERWRITE,
    "language": Policy.OVERWRITE,
    "company_name": Policy.OVERWRITE,
    "vat_number": Policy.OVERWRITE,
    "organisation_id": Policy.OVERWRITE,
    "country": Policy.OVERWRITE,
    # These say who somebody is, and since when: they are not replaced by the way.
    "email": Policy.FILL,
    "number": Policy.FILL,
    "created_at": Policy.FILL,
    # Of these, what the file has is added; nothing is ever taken away.
    "tags": Policy.OVERWRITE,
    "groups": Policy.OVERWRITE,
    "addresses": Policy.OVERWRITE,
    "note": Policy.OVERWRITE,
    "tax_exempt": Policy.OVERWRITE,
}
#: Of what is no single field of a file.
LABELS = {
    "account": gettext_lazy("User account"),
    "addresses": gettext_lazy("Addresses"),
    "name": gettext_lazy("Name"),
}

CHOICES: dict[str, type[models.TextChoices]] = {
    "unknown_tags": Unknown,
    "unknown_groups": Unknown,
    "unknown_countries": Unknown,
    "existing": Existing,
    "new": New,
    "accounts": Accounts,
    "consent": Consent,
}


def policy_label(name: str) -> Any:
    return LABELS.get(name) or ALL[name].label


@dataclass(frozen=True)
class Options:
    match: tuple[str, ...] = tuple(Match)
    #: The other system of the column "Number in the other system".
    source: str = "file"
    date_order: str = DateOrder.DAY_FIRST
    #: Of single fields; whatever is not named here has its own, see POLICIES.
    policies: Mapping[str, str] = field(default_factory=dict)
    unknown_tags: str = Unknown.CREATE
    unknown_groups: str = Unknown.LEAVE
    unknown_countries: str = Unknown.LEAVE
    existing: str = Existing.UPDATE
    new: str = New.CREATE
    accounts: str = Accounts.WITH_PASSWORD
    #: A mail with a link to set a password goes to each new account.
    send_links: bool = False
    consent: str = Consent.TAKE

    def policy(self, name: str) -> str:
        return self.policies.get(name) or POLICIES[name]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "match": list(self.match)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Options":
        """Of what ``as_json`` gave; whatever is absent or unknown has its default."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        options = replace(cls(), **known)
        return replace(options, match=tuple(options.match))


def default_options(header: list[str]) -> Options:
    """Those that fit the file, as far as its columns tell where it is from."""
    known = recognise(header)
    if known is None:
        return Options()
    options = Options(source=known.key.partition("-")[0])
    if known.key.startswith("bigcommerce"):
        options = replace(options, date_order=DateOrder.MONTH_FIRST)
    if known.all_subscribed:
        left = {"unsub_time", "clean_time"} & {column.casefold() for column in header}
        options = replace(options, consent=Consent.UNSUBSCRIBED if left else Consent.SUBSCRIBED)
    return options


def rules_of(shop: str) -> Any:
    """What is special about the rows of this shop's file; None for any other file."""
    return BY_KEY.get(shop)


def clean_options(given: Mapping[str, Any], *, stored: Mapping[str, Any] | None = None) -> Options:
    """The stored options with those given. Raises ValidationError with a sentence per option that cannot be."""
    options = Options.of(stored or {})
    errors: dict[str, str] = {}
    for name, value in given.items():
        if name not in Options.__dataclass_fields__ or not _is_possible(name, value):
            errors[name] = _("“%(value)s” is no choice here.") % {"value": str(value)[:50]}
    if errors:
        raise ValidationError(errors)
    changed = dict(given)
    if "source" in changed:
        changed["source"] = changed["source"].strip()
    return Options.of({**options.as_json(), **changed})


def _is_possible(name: str, value: Any) -> bool:
    if name in CHOICES:
        possible = value in CHOICES[name].values
        return possible and not (name == "unknown_countries" and value == Unknown.CREATE)
    if name == "date_order":
        return value in set(DateOrder)
    if name == "send_links":
        return isinstance(value, bool)
    if name == "source":
        return (
            isinstance(value, str) and 0 < len(value.strip()) <= SOURCE_LENGTH and not value.startswith("~")
        )
    if name == "match":
        return isinstance(value, list | tuple) and bool(value) and set(value) <= set(Match.values)
    return isinstance(value, Mapping) and all(
        field in POLICIES and policy in Policy.values for field, policy in value.items()
    )
