"""What came out of files: one import that is done, with a row of each outcome, and a saved profile to export by."""

import io

from django.contrib.auth import get_user_model

from demo.logins import EDITOR
from oscar_customers_ext.models import ExportProfile, ImportJob
from oscar_customers_ext.transfers.imports.actions import check_import, confirm_import, start_import
from oscar_customers_ext.transfers.imports.slices import advance

FILE_NAME = "visitors-of-the-fair.csv"
#: Two new customers, one of them with a country that the shop does not know; one who is there and gets a phone number;
#: one of whom nothing is new; two rows that fail.
VISITORS = """\
First name,Last name,E-mail,Phone,Address,City,Postcode,Country,Tags,Stand
Ottavia,Pellegrini,ottavia.pellegrini@example.org,+39 011 555 0142,Via Po 31,Torino,10124,Italy,İstanbul fair,B 12
Henrik,Lind,henrik.lind@example.net,+46 8 555 0177,Storgatan 4,Stockholm,11122,Atlantis,İstanbul fair,B 12
Chiara,Conti,chiara.conti@example.net,+39 051 555 0190,,,,,İstanbul fair,B 14
Müge,Özdemir,muege@example.org,,,,,,İstanbul fair,B 14
Ottavia,Pellegrini,OTTAVIA.PELLEGRINI@example.org,,,,,,,B 15
Signor,Neri,neri at example.com,,,,,,,B 15
"""
PROFILE = {
    "format": ExportProfile.Format.CSV,
    "delimiter": ExportProfile.Delimiter.SEMICOLON,
    "dates": ExportProfile.Dates.DAY_FIRST,
    "columns": [
        "email",
        "first_name",
        "last_name",
        "company_name",
        "vat_number",
        "orders_count",
        "orders_total",
    ],
}


def load_imports():
    """Idempotent, and the same two steps that an editor takes."""
    staff = get_user_model().objects.get(username=EDITOR)
    if not ImportJob.objects.filter(file_name=FILE_NAME).exists():
        job = start_import(io.BytesIO(VISITORS.encode()), name=FILE_NAME, actor=staff)
        for step in (check_import, confirm_import):
            job = step(job, actor=staff)
            while job.is_working:
                job = advance(job)
    profile = {**PROFILE, "is_shared": True}
    ExportProfile.objects.get_or_create(owner=staff, name="For the accountant", defaults=profile)
