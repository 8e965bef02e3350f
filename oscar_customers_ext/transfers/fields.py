"""What a column of a file may be: the whole list, outside of which nothing of a file is looked at.

Privileges of users are in no way among them: no file makes anybody staff.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

#: Most addresses that one row may hold.
ADDRESSES_AT_MOST = 10


@dataclass(frozen=True)
class Field:
    name: str
    label: Any
    #: Names of columns that mean it, in small letters without blanks and signs, in English and Italian.
    aliases: tuple[str, ...] = ()
    #: Whether a row may hold it once per address.
    of_address: bool = False


PERSON = (
    Field(
        "email", _("E-mail address"), ("email", "emailaddress", "mail", "indirizzoemail", "postaelettronica")
    ),
    Field(
        "name",
        _("Full name"),
        ("name", "fullname", "customername", "nomeecognome", "nomecognome", "nominativo"),
    ),
    Field("first_name", _("First name"), ("firstname", "givenname", "forename", "nome")),
    Field("last_name", _("Last name"), ("lastname", "surname", "familyname", "cognome")),
    Field(
        "phone",
        _("Phone"),
        (
            "phone",
            "phonenumber",
            "telephone",
            "mobile",
            "mobilephone",
            "telefono",
            "tel",
            "cellulare",
            "cell",
            "phone1value",
        ),
    ),
    Field("language", _("Language"), ("language", "locale", "lingua")),
    Field(
        "company_name",
        _("Company"),
        ("company", "companyname", "organization", "organisation", "azienda", "ditta", "ragionesociale"),
    ),
    Field("vat_number", _("VAT number"), ("vatnumber", "vatid", "vat", "taxvat", "partitaiva", "piva")),
    Field(
        "organisation_id",
        _("Organisation id"),
        ("organisationid", "organizationid", "codicefiscale", "taxid"),
    ),
    Field("number", _("Customer number"), ("customernumber", "numerocliente", "codicecliente")),
    Field("id", _("Id in this register"), ("registerid", "idnelregistro")),
    Field("external_id", _("Number in the other system"), ("externalid", "idesterno")),
    Field(
        "created_at",
        _("Customer since"),
        (
            "created",
            "createdat",
            "signup",
            "registrationdate",
            "datejoined",
            "customersince",
            "dataregistrazione",
            "datadiregistrazione",
            "clientedal",
        ),
    ),
    Field("tags", _("Tags"), ("tags", "tag", "etichette")),
    Field("groups", _("Groups"), ("customergroups", "customergroup", "gruppi", "gruppo")),
    Field("note", _("Note"), ("note", "notes", "nota", "annotazioni")),
    Field("tax_exempt", _("Tax exempt"), ("taxexempt", "esentetasse", "esenteiva")),
)
ACCOUNT = (
    Field("username", _("User name"), ("username", "nomeutente")),
    Field("password", _("Password"), ("password",)),
)
CONSENT = (
    Field(
        "newsletter",
        _("Newsletter"),
        ("newsletter", "acceptsmarketing", "acceptsemailmarketing", "emailmarketingconsent"),
    ),
    Field(
        "consent_at",
        _("Consent given on"),
        ("consentat", "emailmarketingconsenttimestamp", "confirmtime", "datadelconsenso"),
    ),
)
ADDRESS = (
    Field("address_first_name", _("First name of the address"), (), of_address=True),
    Field("address_last_name", _("Last name of the address"), (), of_address=True),
    Field("address_company", _("Company of the address"), (), of_address=True),
    Field(
        "line1",
        _("Street"),
        ("address", "address1", "addressline1", "street", "line1", "indirizzo", "via"),
        of_address=True,
    ),
    Field(
        "line2",
        _("Street, second line"),
        ("address2", "addressline2", "line2", "indirizzo2"),
        of_address=True,
    ),
    Field(
        "city",
        _("City"),
        ("city", "town", "citta", "città", "comune", "localita", "località", "line4"),
        of_address=True,
    ),
    Field(
        "state",
        _("State or province"),
        ("state", "province", "region", "stateregion", "provincia", "prov", "regione"),
        of_address=True,
    ),
    Field("postcode", _("Postcode"), ("postcode", "zip", "zipcode", "postalcode", "cap"), of_address=True),
    Field(
        "country",
        _("Country"),
        ("country", "countrycode", "countryregion", "paese", "nazione", "stato"),
        of_address=True,
    ),
    Field("address_phone", _("Phone of the address"), (), of_address=True),
    Field("address_vat_number", _("VAT number of the address"), (), of_address=True),
    Field("default_billing", _("Default billing address"), ("defaultbilling",), of_address=True),
    Field("default_shipping", _("Default shipping address"), ("defaultshipping",), of_address=True),
)

ALL = {field.name: field for field in (*PERSON, *ADDRESS, *ACCOUNT, *CONSENT)}
BY_ALIAS = {alias: field.name for field in ALL.values() for alias in field.aliases}


def plain(column: str) -> str:
    """The name of a column without case, blanks and signs."""
    return "".join(sign for sign in column.casefold() if sign.isalnum())


def guess(header: list[str]) -> list[str | None]:
    """The field of each column by its name; of two columns that mean the same the first counts."""
    taken: set[str] = set()
    fields: list[str | None] = []
    for column in header:
        field = BY_ALIAS.get(plain(column))
        if field in taken:
            field = None
        if field:
            taken.add(field)
        fields.append(field)
    return fields


def label_of(target: str) -> str:
    """In words; ``target`` is the name of a field, for the second and further addresses like "line1@2"."""
    name, _at, number = target.partition("@")
    label = str(ALL[name].label)
    return f"{label} ({number})" if number else label


def is_target(target: Any) -> bool:
    """Whether a mapping, from wherever it comes, may name this."""
    if not isinstance(target, str):
        return False
    name, at, number = target.partition("@")
    if name not in ALL or not at:
        return name in ALL
    return ALL[name].of_address and number.isdecimal() and 2 <= int(number[:4]) <= ADDRESSES_AT_MOST
