"""What one row of the file says about one customer. Asks no database but for the countries."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.customers.keys import MOST_DIGITS
from oscar_customers_ext.customers.tags.spelling import tag_name
from oscar_customers_ext.exceptions import InvalidEmail
from oscar_customers_ext.transfers import cells
from oscar_customers_ext.transfers.cells import DateOrder, Newsletter
from oscar_customers_ext.transfers.fields import ADDRESSES_AT_MOST

from .countries import Countries
from .options import Consent, Options, Unknown
from .records import Record
from .resources import CustomerResource

#: RFC 5321, 4.5.3.1.
LONGEST_LOCAL_PART = 64
LONGEST_EXTERNAL_ID = 255
PHONE_LENGTH = 64


class RowFails(Exception):
    def __init__(self, sentence: str, column: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.column = sentence, column


@dataclass
class Place:
    """An address as the file has it; ``record`` is the row that it stands in."""

    values: dict[str, str]
    country: Any
    record: Record


@dataclass
class Meaning:
    record: Record
    email: str = ""
    key: str | None = None
    id: int | None = None
    external_id: str = ""
    #: Stands for a row that says nothing by which its customer could be found again.
    fingerprint: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    phone_of_address: str = ""
    country: Any = None
    places: list[Place] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    note: str = ""
    is_exempt: bool = False
    #: One of Newsletter; empty where the file says nothing.
    newsletter: str = ""
    consent_at: datetime | None = None
    username: str = ""
    password: str = ""
    #: What was left out, and why: field and sentence.
    notices: list[tuple[str, str]] = field(default_factory=list)


class Interpreter:
    def __init__(self, options: Options, countries: Countries, *, left_out: frozenset[str]) -> None:
        self.options = options
        self.countries = countries
        #: Fields that whoever imports may not change.
        self.left_out = left_out
        self.resource = CustomerResource()
        self.columns = [
            (column.column_name, column)
            for column in self.resource.get_import_fields()
            if column.column_name not in left_out
        ]
        self.context = {"date_order": options.date_order}

    def read(self, record: Record) -> Meaning:
        """Raises RowFails where the row cannot be anybody."""
        if record.problem:
            raise RowFails(record.problem)
        values = {name: text for name, text in record.values.items() if name not in self.left_out}
        meaning = Meaning(record)
        self._identify(meaning, values)
        for place in (record, *record.further):
            self._read_places(meaning, place)
        meaning.country = next((place.country for place in meaning.places if place.country), None)
        phones = [
            place.values["address_phone"] for place in meaning.places if "address_phone" in place.values
        ]
        meaning.places = [place for place in meaning.places if SUBSTANCE & place.values.keys()]
        if "name" in values and not {"first_name", "last_name"} & values.keys():
            self._split_name(meaning, values)
        context = {**self.context, "country": meaning.country.pk if meaning.country else ""}
        for name, column in self.columns:
            if name in values:
                self._read_column(meaning, name, column, values, context)
        if phones and "phone" not in meaning.columns:
            self._read_phone(meaning, phones[0])
        self._read_rest(meaning, values)
        self._check_identity(meaning, values)
        return meaning

    def _identify(self, meaning: Meaning, values: dict[str, str]) -> None:
        # Comes first and is not quoted: in a file whose cells have slipped it may be a password.
        meaning.email = values.get("email", "").strip()
        try:
            meaning.key = email_key(meaning.email)
        except InvalidEmail as error:
            raise RowFails(error.messages[0], "email") from None
        number = values.get("id", "").strip()
        if number:
            if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
                raise RowFails(_("An id of this register is a number."), "id")
            meaning.id = int(number)
        try:
            meaning.external_id = cells.read_line(values.get("external_id", ""))
        except ValidationError as error:
            raise RowFails(error.messages[0], "external_id") from None
        if len(meaning.external_id) > LONGEST_EXTERNAL_ID:
            raise RowFails(_("This number is too long."), "external_id")

    def _check_identity(self, meaning: Meaning, values: dict[str, str]) -> None:
        if meaning.key or meaning.external_id or meaning.id or meaning.columns.get("number"):
            return
        reachable = ("phone", "vat_number", "organisation_id")
        if not (meaning.places or any(meaning.columns.get(name) for name in reachable)):
            # A name alone is nobody: there may be many of that name.
            raise RowFails(
                _("This row has no e-mail address, nor a phone number or address in its place."), "email"
            )
        said = "\n".join(f"{name}={text}" for name, text in sorted(values.items()) if name != "password")
        meaning.fingerprint = sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _read_column(
        self, meaning: Meaning, name: str, column: Any, values: dict[str, str], context: dict[str, Any]
    ) -> None:
        try:
            value = column.clean(values, **context)
        except ValidationError as error:
            meaning.notices.append((name, _sentence(error)))
        else:
            if value not in (None, ""):
                meaning.columns[name] = value

    def _read_phone(self, meaning: Meaning, text: str) -> None:
        """Of the address, for a customer without another one."""
        with suppress(ValidationError):
            meaning.phone_of_address = cells.read_line(text)[:PHONE_LENGTH]

    def _split_name(self, meaning: Meaning, values: dict[str, str]) -> None:
        try:
            first, last = cells.split_name(values["name"])
        except ValidationError as error:
            meaning.notices.append(("name", _sentence(error)))
        else:
            values["first_name"], values["last_name"] = first, last

    def _read_places(self, meaning: Meaning, record: Record) -> None:
        blocks: dict[str, dict[str, str]] = {}
        for target, text in record.values.items():
            name, _at, number = target.partition("@")
            if name in ADDRESS_FIELDS and name not in self.left_out:
                blocks.setdefault(number or "1", {})[name] = text
        for number in sorted(blocks, key=int)[:ADDRESSES_AT_MOST]:
            values = blocks[number]
            country = None
            if "country" in values:
                country = self._country(meaning, values["country"])
            if "country" in values and country is None:
                values = {}
            meaning.places.append(Place(values, country, record))

    def _country(self, meaning: Meaning, text: str) -> Any:
        country = self.countries.find(text)
        if country is None:
            sentence = _("The shop has no country “%(text)s”, so this address is left out.") % {
                "text": text.strip()[:50]
            }
            if self.options.unknown_countries == Unknown.FAIL:
                raise RowFails(
                    _("The shop has no country “%(text)s”.") % {"text": text.strip()[:50]}, "country"
                )
            meaning.notices.append(("country", sentence))
        return country

    def _read_rest(self, meaning: Meaning, values: dict[str, str]) -> None:
        readers = {
            "tags": self._tags,
            "groups": cells.read_names,
            "note": cells.read_text,
            "is_exempt": lambda text: bool(cells.read_yes_or_no(text)),
            "newsletter": cells.read_consent,
            "consent_at": self._moment,
            "username": cells.read_line,
        }
        columns = {"is_exempt": "tax_exempt"}
        for name, read in readers.items():
            column = columns.get(name, name)
            if column not in values:
                continue
            try:
                setattr(meaning, name, read(values[column]))
            except ValidationError as error:
                meaning.notices.append((column, _sentence(error)))
        meaning.password = values.get("password", "")
        if "newsletter" in self.left_out or self.options.consent == Consent.LEAVE:
            meaning.newsletter = ""
        elif self.options.consent != Consent.TAKE:
            meaning.newsletter = Newsletter(self.options.consent)

    def _tags(self, text: str) -> list[str]:
        return [tag_name(name) for name in cells.read_names(text)]

    def _moment(self, text: str) -> datetime | None:
        moment = cells.read_moment(
            text, order=DateOrder(self.options.date_order), timezone=timezone.get_default_timezone()
        )
        if moment and moment > timezone.now():
            raise ValidationError(_("This date lies in the future."))
        return moment


#: Of an address; its own names are no substance, because every row of some shops has them.
SUBSTANCE = {"line1", "line2", "city", "postcode", "state", "address_company"}
ADDRESS_FIELDS = SUBSTANCE | {
    "country",
    "address_first_name",
    "address_last_name",
    "address_phone",
    "address_vat_number",
    "default_billing",
    "default_shipping",
}


def check_new_address(email: str) -> None:
    """An address that nobody here has yet is looked at as closely as one that an editor types. Raises RowFails."""
    try:
        validate_email(email)
    except ValidationError:
        raise RowFails(InvalidEmail().messages[0], "email") from None
    local, _at, domain = email.rpartition("@")
    # Mail to the machine itself is no customer's.
    if len(local.encode()) > LONGEST_LOCAL_PART or domain.startswith("["):
        raise RowFails(InvalidEmail().messages[0], "email")


def _sentence(error: ValidationError) -> str:
    return " ".join(error.messages)
