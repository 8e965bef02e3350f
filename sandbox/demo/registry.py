"""A registry of VAT numbers that asks nobody: nothing of the demo talks to another host."""

from oscar_customers_ext.tax.vat.registries import INVALID, UNAVAILABLE, VALID, Answer, ViesRegistry

KNOWN = {
    "IT05555550481": "TRATTORIA DA BIANCA S.R.L.",
    "DE999999995": "KJÆR KERAMIK GMBH",
}
#: The register of this country is always down.
DOWN = "FR"


class DemoRegistry(ViesRegistry):
    def ask(self, number, *, timeout):
        if number.startswith(DOWN):
            return Answer(UNAVAILABLE)
        if number not in KNOWN:
            return Answer(INVALID)
        return Answer(VALID, company_name=KNOWN[number], consultation_number=f"DEMO-{number}")
