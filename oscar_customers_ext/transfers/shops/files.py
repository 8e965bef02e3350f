"""The files that other shops and newsletter tools write, told by their header rows."""

from oscar_customers_ext.transfers.fields import guess

from .known import KnownFile, key_of
from .own import OWN

PEOPLE = {"First Name": "first_name", "Last Name": "last_name", "Email": "email", "Phone": "phone"}
MARKETING = {"Accepts Email Marketing": "newsletter", "Accepts Marketing": "newsletter"}
SHOPIFY_OLD_ADDRESS = {
    "Company": "company_name",
    "Address1": "line1",
    "Address2": "line2",
    "City": "city",
    "Province Code": "state",
    "Country Code": "country",
    "Zip": "postcode",
}
SHOPIFY_MORE = {"Note": "note", "Tax Exempt": "tax_exempt", "Tags": "tags"}
MAGENTO_PERSON = {
    "email": "email",
    "created_at": "created_at",
    "firstname": "first_name",
    "lastname": "last_name",
    "group_id": "groups",
    "taxvat": "vat_number",
    "password": "password",
}

#: The narrower ones first: of two that fit, the first counts.
FILES = (
    KnownFile(
        "shopify",
        "Shopify",
        ("First Name", "Email", "Accepts Email Marketing", "Default Address Address1"),
        {
            "Customer ID": "external_id",
            **PEOPLE,
            **MARKETING,
            "Default Address Company": "company_name",
            "Default Address Address1": "line1",
            "Default Address Address2": "line2",
            "Default Address City": "city",
            "Default Address Province Code": "state",
            "Default Address Country Code": "country",
            "Default Address Zip": "postcode",
            "Default Address Phone": "address_phone",
            **SHOPIFY_MORE,
        },
        apostrophes=True,
    ),
    KnownFile(
        "shopify-2022",
        "Shopify (2022)",
        ("First Name", "Email", "Accepts Email Marketing", "Address1", "Province Code", "Tax Exempt"),
        {**PEOPLE, **MARKETING, **SHOPIFY_OLD_ADDRESS, **SHOPIFY_MORE},
        apostrophes=True,
    ),
    KnownFile(
        "shopify-2019",
        "Shopify (2019)",
        ("First Name", "Email", "Accepts Marketing", "Address1", "Province Code", "Tax Exempt"),
        {**PEOPLE, **MARKETING, **SHOPIFY_OLD_ADDRESS, **SHOPIFY_MORE},
        apostrophes=True,
    ),
    KnownFile(
        "magento-addresses",
        "Magento (customers and addresses)",
        ("email", "_website", "firstname", "_address_street", "_address_country_id"),
        {
            **MAGENTO_PERSON,
            "_address_city": "city",
            "_address_company": "address_company",
            "_address_country_id": "country",
            "_address_firstname": "address_first_name",
            "_address_lastname": "address_last_name",
            "_address_postcode": "postcode",
            "_address_region": "state",
            "_address_street": "line1",
            "_address_telephone": "address_phone",
            "_address_vat_id": "address_vat_number",
            "_address_default_billing_": "default_billing",
            "_address_default_shipping_": "default_shipping",
        },
        rows_continue=True,
        street_lines=True,
    ),
    KnownFile("magento", "Magento", ("email", "_website", "firstname", "group_id"), MAGENTO_PERSON),
    KnownFile(
        "prestashop",
        "PrestaShop",
        ("Email *", "Last Name *", "First Name *", "Newsletter (0/1)"),
        {
            "Customer ID": "external_id",
            "Email *": "email",
            "Password *": "password",
            "Last Name *": "last_name",
            "First Name *": "first_name",
            "Newsletter (0/1)": "newsletter",
            "Registration date (yyyy-mm-dd)": "created_at",
            "Groups (x,y,z...)": "groups",
        },
    ),
    KnownFile(
        "woocommerce",
        "WooCommerce",
        ("Name", "Username", "Sign Up", "Email", "AOV"),
        {
            "Name": "name",
            "Username": "username",
            "Sign Up": "created_at",
            "Email": "email",
            "Country / Region": "country",
            "City": "city",
            "Region": "state",
            "Postal Code": "postcode",
            "Billing Phone": "phone",
        },
    ),
    KnownFile(
        "bigcommerce",
        "BigCommerce (bulk edit)",
        ("Email Address", "First Name", "Store Credit", "Customer Group", "Address Line 1 - 1"),
        {
            "Email Address": "email",
            "First Name": "first_name",
            "Last Name": "last_name",
            "Company": "company_name",
            "Phone": "phone",
            "Notes": "note",
            "Customer Group": "groups",
            "Customer ID": "external_id",
        },
        blocks={
            "Address First Name - {}": "address_first_name",
            "Address Last Name - {}": "address_last_name",
            "Address Company - {}": "address_company",
            "Address Line 1 - {}": "line1",
            "Address Line 2 - {}": "line2",
            "Address City - {}": "city",
            "Address State - {}": "state",
            "Address Zip - {}": "postcode",
            "Address Country - {}": "country",
            "Address Phone - {}": "address_phone",
        },
        apostrophes=True,
    ),
    KnownFile(
        "bigcommerce-default",
        "BigCommerce",
        ("Customer ID", "Email", "Store Credit", "Date Joined"),
        {
            "Customer ID": "external_id",
            **PEOPLE,
            "Company": "company_name",
            "Notes": "note",
            "Customer Group": "groups",
            "Date Joined": "created_at",
        },
        apostrophes=True,
    ),
    KnownFile(
        "mailchimp",
        "Mailchimp",
        ("Email Address", "MEMBER_RATING", "OPTIN_TIME", "LEID"),
        {
            "Email Address": "email",
            "First Name": "first_name",
            "Last Name": "last_name",
            "CONFIRM_TIME": "consent_at",
            "CC": "country",
            "NOTES": "note",
            "TAGS": "tags",
            "EUID": "external_id",
        },
        all_subscribed=True,
    ),
    KnownFile(
        "klaviyo",
        "Klaviyo",
        ("Email", "Klaviyo ID"),
        {
            **PEOPLE,
            "Klaviyo ID": "external_id",
            "Organization": "company_name",
            "Phone Number": "phone",
            "Address": "line1",
            "Address 2": "line2",
            "City": "city",
            "State / Region": "state",
            "Country": "country",
            "Zip Code": "postcode",
            "Email Marketing Consent": "newsletter",
            "Email Marketing Consent Timestamp": "consent_at",
        },
    ),
    KnownFile(
        "hubspot",
        "HubSpot",
        ("Record ID", "First Name", "Last Name", "Email"),
        {
            "Record ID": "external_id",
            **PEOPLE,
            "Phone Number": "phone",
            "Create Date": "created_at",
            "Associated Company": "company_name",
        },
    ),
    KnownFile(
        "spree",
        "Spree",
        ("First Name", "Email", "Accepts Email Marketing", "Address 1", "Province Code"),
        {
            **PEOPLE,
            **MARKETING,
            "Company": "company_name",
            "Address 1": "line1",
            "Address 2": "line2",
            "City": "city",
            "Province Code": "state",
            "Country Code": "country",
            "Zip": "postcode",
            "Tags": "tags",
        },
    ),
    OWN,
    # Every column is named there, so nothing is left to ask.
    KnownFile(
        "name-email-password",
        "name, email, password",
        ("name", "email", "password"),
        {"name": "name", "email": "email", "password": "password"},
        is_whole=True,
    ),
)
BY_KEY = {known.key: known for known in FILES}


def recognise(header: list[str]) -> KnownFile | None:
    columns = {key_of(column) for column in header}
    return next((known for known in FILES if known.recognises(columns)), None)


def fields_of(header: list[str]) -> list[str | None]:
    """The field of each column: as the shop that wrote the file means it, else by what the column is called."""
    known = recognise(header)
    return known.fields_of(header) if known else guess(header)
