import pytest

from oscar_customers_ext.models import Customer
from tests.transfers.imports.conftest import checked, imported, upload

pytestmark = pytest.mark.django_db

FILE = "name,email,password\nAnn Rossi,ann@example.org,correct-horse\nBob Verdi,bob@example.org,\n"


def test_the_simple_file(shop, mailoutbox):
    job = checked(upload(FILE))
    assert job.state == "checked"
    assert job.forecast == {"created": 2, "rows": 2, "accounts": 1}
    assert Customer.objects.count() == 0

    job = imported(job)
    assert job.state == "done"
    assert job.counts == {"created": 2, "rows": 2, "accounts": 1}
    ann, bob = Customer.objects.order_by("email")
    assert (ann.first_name, ann.last_name, ann.number) == ("Ann", "Rossi", f"C{ann.pk:06d}")
    assert ann.user.check_password("correct-horse")
    assert bob.user is None
    assert not job.file
    assert not job.rows_file
    assert mailoutbox == []

    again = imported(upload(FILE))
    assert again.counts == {"unchanged": 2, "rows": 2}
