"""How long passwords take, and what the page says about it."""

import pytest

from oscar_customers_ext.transfers.imports import actions
from oscar_customers_ext.transfers.imports.descriptions import wait_for
from oscar_customers_ext.transfers.imports.slices import advance
from tests.transfers.imports.conftest import checked, upload

pytestmark = pytest.mark.django_db

WITH_PASSWORDS = "name,email,password\nAnn Rossi,ann@example.org,correct-horse\nBob Verdi,bob@example.org,\n"


@pytest.mark.parametrize(
    ("seconds", "said", "unsaid"),
    [
        (5, "", "Encrypting"),
        (100, "takes about 100 seconds.", "page"),
        (3600, "takes about 60 minutes. It goes on while the page of the import is open", "hour"),
        (36_000, "takes about 10 hours. Leave the column of passwords behind", "minute"),
    ],
)
def test_the_time_that_passwords_take_is_said(shop, monkeypatch, seconds, said, unsaid):
    monkeypatch.setattr(
        "oscar_customers_ext.transfers.imports.descriptions.seconds_per_password", lambda: seconds
    )
    job = checked(upload(WITH_PASSWORDS, accounts="all"))
    # Who has no password costs no time.
    assert job.forecast == {"created": 2, "accounts": 2, "open_accounts": 1, "rows": 2}

    sentence = wait_for(job)

    assert said in sentence
    assert bool(said) == bool(sentence)
    assert unsaid not in sentence


def test_where_a_worker_does_it_the_page_may_be_left(shop, monkeypatch):
    monkeypatch.setattr(
        "oscar_customers_ext.transfers.imports.descriptions.seconds_per_password", lambda: 3600
    )
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.descriptions.runs_at_once", lambda: False)

    assert wait_for(checked(upload(WITH_PASSWORDS))).endswith("You can leave the page meanwhile.")


def test_passwords_count_as_what_they_take(shop, monkeypatch):
    monkeypatch.setattr("oscar_customers_ext.transfers.imports.accounts.SECONDS", -1)
    lines = "".join(f"Ann {n},p{n}@example.org,correct-horse\n" for n in range(4))
    job = actions.confirm_import(checked(upload("name,email,password\n" + lines)))

    seen = []
    while job.is_working:
        job = advance(job, seconds=0)
        seen.append((job.phase, job.rows_done, job.accounts_done, job.percent))

    # Rows are nothing beside passwords, of which a slice hashes as many as it has time for.
    accounts = [("accounts", 4, n, 100 * (4 + 500 * n) // 2004) for n in range(5)]
    assert seen == [("rows", 4, 0, 0), *accounts, ("accounts", 4, 4, 100)]
