"""Addresses of a file, and whether the customer has them already."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from oscar_customers_ext.customers.addresses.books import DEFAULTS
from oscar_customers_ext.customers.addresses.models import AddressCompany, CustomerAddress
from oscar_customers_ext.customers.addresses.storefront import checked_number
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.transfers import cells

from .countries import Countries
from .meanings import Meaning, Place

#: Field of the file -> column of an address.
COLUMNS = {
    "address_first_name": "first_name",
    "address_last_name": "last_name",
    "line1": "line1",
    "line2": "line2",
    "city": "line4",
    "state": "state",
    "postcode": "postcode",
}
#: What makes two addresses of one customer the same, whoever's name stands above.
PLACE = ("line1", "line4", "state", "postcode")


@dataclass
class Draft:
    """An address to be added; ``address`` is not stored yet."""

    address: Any
    company_name: str
    vat_number: str

    def __str__(self) -> str:
        columns = ("line1", "line2", "postcode", "line4", "state")
        return ", ".join(
            [text for name in columns if (text := getattr(self.address, name))] + [self.address.country_id]
        )


def place_key(address: Any) -> str:
    # A file has two lines where the shop has three: see the export.
    further = ", ".join(filter(None, [address.line2, address.line3]))
    parts = [further, *(str(getattr(address, name) or "") for name in PLACE)]
    return "|".join([*(" ".join(part.upper().split()) for part in parts), address.country_id or ""])


class AddressBooks:
    """Of the customers of one slice. Addresses are added, never changed: the buyer may have them in use."""

    def __init__(self, customers: list[Customer], meanings: list[Meaning], countries: Countries) -> None:
        self.countries = countries
        self.user_address = get_model("address", "UserAddress")
        self.places: dict[int, set[str]] = {}
        self.defaults: dict[int, set[str]] = {}
        if not any(meaning.places for meaning in meanings):
            return
        with_user = {customer.user_id: customer.pk for customer in customers if customer.user_id}
        without = [customer.pk for customer in customers if not customer.user_id]
        if without:
            for address in CustomerAddress.objects.filter(customer__in=without):
                self._note(address.customer_id, address)
        if with_user:
            for address in self.user_address._default_manager.filter(user__in=with_user):
                self._note(with_user[address.user_id], address)

    def _note(self, pk: int, address: Any) -> None:
        self.places.setdefault(pk, set()).add(place_key(address))
        self.defaults.setdefault(pk, set()).update(name for name in DEFAULTS if getattr(address, name))

    def drafts(self, meaning: Meaning, customer: Customer) -> list[tuple[Place, Draft]]:
        """The addresses of the row that the customer lacks. What cannot be one is named in the row's notices."""
        known = set(self.places.get(customer.pk, ())) if customer.pk else set()
        defaults = set(self.defaults.get(customer.pk, ())) if customer.pk else set()
        found = []
        for place in meaning.places:
            try:
                draft = self._draft(place, customer, known, defaults, meaning)
            except ValidationError as error:
                sentence = _("An address is left out: %(reason)s") % {"reason": " ".join(error.messages)}
                meaning.notices.append(("line1", sentence))
            else:
                if draft is not None:
                    found.append((place, draft))
        return found

    def _draft(
        self, place: Place, customer: Customer, known: set[str], defaults: set[str], meaning: Meaning
    ) -> Draft | None:
        values = place.values
        country = place.country or self._fallback(customer, meaning)
        if "line1" not in values:
            raise ValidationError(_("it has no street."))
        if country is None:
            raise ValidationError(_("it has no country."))
        address = self._owned(customer)
        # Oscar asks for the title again and again, and no file brings one.
        address.get_title_display = str
        address.country = country
        for name, column in COLUMNS.items():
            if name in values:
                text = cells.read_line(values[name])
                if len(text) > address._meta.get_field(column).max_length:
                    raise ValidationError(_("“%(text)s…” is too long.") % {"text": text[:30]})
                setattr(address, column, text)
        if not (address.first_name or address.last_name):
            address.first_name, address.last_name = self._name(meaning, customer)
        address.postcode = (address.postcode or "").upper()
        key = place_key(address)
        if key in known:
            return None
        address.clean()
        company_name, vat_number = self._company(values, country, meaning)
        address.phone_number = self._phone(values, country, meaning)
        known.add(key)
        self._choose_defaults(address, values, defaults)
        return Draft(address, company_name, vat_number)

    def _fallback(self, customer: Customer, meaning: Meaning) -> Any:
        if customer.country_id:
            return self.countries.by_code[customer.country_id]
        return meaning.country or self.countries.only

    def _owned(self, customer: Customer) -> Any:
        if customer.user_id:
            return self.user_address(user_id=customer.user_id)
        return CustomerAddress(customer=customer)

    def _name(self, meaning: Meaning, customer: Customer) -> tuple[str, str]:
        columns = meaning.columns
        if columns.get("first_name") or columns.get("last_name"):
            return columns.get("first_name", ""), columns.get("last_name", "")
        return customer.first_name, customer.last_name

    def _company(self, values: dict[str, str], country: Any, meaning: Meaning) -> tuple[str, str]:
        number = ""
        if "address_vat_number" in values:
            try:
                number = checked_number(cells.read_line(values["address_vat_number"]), country.pk)
            except ValidationError as error:
                meaning.notices.append(("address_vat_number", " ".join(error.messages)))
        return cells.read_line(values.get("address_company", ""))[:255], number[:32]

    def _phone(self, values: dict[str, str], country: Any, meaning: Meaning) -> Any:
        text = values.get("address_phone", "").strip()
        if not text:
            return ""
        try:
            number = PhoneNumber.from_string(text, region=country.pk)
        except NumberParseException:
            number = None
        if number is None or not number.is_valid():
            sentence = _("“%(text)s” is no phone number of this country.") % {"text": text[:50]}
            meaning.notices.append(("address_phone", sentence))
            return ""
        return number

    def _choose_defaults(self, address: Any, values: dict[str, str], defaults: set[str]) -> None:
        """Never in the place of another one; the first address is both, unless the file says which is which."""
        for name, column in (
            ("is_default_for_billing", "default_billing"),
            ("is_default_for_shipping", "default_shipping"),
        ):
            wanted = True
            if column in values:
                try:
                    wanted = bool(cells.read_yes_or_no(values[column]))
                except ValidationError:
                    wanted = False
            if wanted and name not in defaults:
                if name == "is_default_for_shipping" and not address.country.is_shipping_country:
                    continue
                setattr(address, name, True)
                defaults.add(name)

    def store(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self._complete(draft)
        own = [draft.address for draft in drafts if isinstance(draft.address, CustomerAddress)]
        for address in own:
            # The customer got its key after the address was drafted.
            address.customer_id = address.customer.pk
        CustomerAddress.objects.bulk_create(own)
        in_book = [draft for draft in drafts if not isinstance(draft.address, CustomerAddress)]
        self.user_address._default_manager.bulk_create([draft.address for draft in in_book])
        AddressCompany.objects.bulk_create(
            AddressCompany(
                address=draft.address, company_name=draft.company_name, vat_number=draft.vat_number
            )
            for draft in in_book
            if draft.company_name or draft.vat_number
        )

    def _complete(self, draft: Draft) -> None:
        """What ``save`` would work out, which bulk_create does not call."""
        address = draft.address
        address.hash = str(address.generate_hash())
        address._update_search_text()
        if isinstance(address, CustomerAddress):
            address.company_name, address.vat_number = draft.company_name, draft.vat_number
