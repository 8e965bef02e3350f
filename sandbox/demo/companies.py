"""Companies among the customers of the demo shop, with a VAT number in every state."""

from demo.logins import BUYER
from oscar_customers_ext.models import Customer
from oscar_customers_ext.tax.vat.actions import save_company
from oscar_customers_ext.tax.vat.recheck import Recheck

COMPANIES = {
    BUYER: ("Trattoria da Bianca S.r.l.", "IT05555550481"),
    # Confirmed, and of another country than the shop's: pays no tax on what is sent to Berlin.
    "soren@example.net": ("Kjær Keramik GmbH", "DE999999995"),
    "luca.galli@example.com": ("Galli & Figli", "IT04444440483"),
    "anais@example.com": ("Moreau Céramiques", "FR70555555556"),
    "grace.okonkwo@example.com": ("Okonkwo Interiors Ltd", "GB980780684"),
}


def load_companies():
    """Idempotent. What the customers themselves entered, and what ``check_vat_numbers`` then asked."""
    for email, (company_name, vat_number) in COMPANIES.items():
        for customer in Customer.objects.for_email(email):
            save_company(customer, company_name=company_name, vat_number=vat_number)
    Recheck().run()
