"""``manage.py export_customers``."""

import io
import os
import stat

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from oscar_customers_ext.customers.actions import create_customer
from oscar_customers_ext.models import Customer, ExportSettings
from oscar_customers_ext.transfers.exports.audit import EXPORT
from oscar_customers_ext.transfers.exports.columns import DEFAULT
from tests.transfers.exports.customers import read_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(shop):
    return [create_customer(email=f"{name}@example.org") for name in ("ann", "bob")]


def out(**options):
    stdout = io.StringIO()
    call_command("export_customers", stdout=stdout, stderr=io.StringIO(), **options)
    return stdout.getvalue()


def test_all_customers_go_to_standard_output(two):
    content = out(format="csv", columns="email, number")

    assert content == (
        f"\ufeffemail,number\r\nann@example.org,{two[0].number}\r\nbob@example.org,{two[1].number}\r\n"
    )
    entry = ModelLogEntry.objects.get(action=EXPORT)
    assert (entry.user, entry.data["number"], entry.data["scope"]) == (None, 2, "all")


def test_bytes_go_to_standard_output_where_it_takes_them(two):
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, write_through=True)
    call_command("export_customers", stdout=stdout, format="xlsx")
    assert raw.getvalue().startswith(b"PK\x03\x04")


def test_the_settings_of_the_shop_count(two):
    ExportSettings.objects.create(format="csv", delimiter=";", with_bom=False, columns=["number", "email"])
    assert out().splitlines()[0] == "number;email"
    assert out(format="json").startswith('[\n{"number": ')


def test_archived_customers_are_left_out_unless_asked_for(two):
    Customer.objects.filter(pk=two[0].pk).update(archived_at="2026-01-01T00:00Z")
    assert "ann@" not in out(format="tsv")
    assert "ann@" in out(format="tsv", archived=True)


def test_a_file_is_complete_and_nobody_elses(two, tmp_path):
    path = tmp_path / "list.xlsx"
    stderr = io.StringIO()
    call_command("export_customers", output=str(path), stderr=stderr)

    header, rows = read_back(path)
    assert header == DEFAULT
    assert len(rows) == 2
    assert stderr.getvalue() == f"2 customers written to {path}.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["list.xlsx"]


def test_a_pipe_is_written_into_and_a_link_stays_a_link(two, tmp_path):
    pipe, link, file = tmp_path / "pipe", tmp_path / "link.csv", tmp_path / "list.csv"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    out(format="csv", columns="email", output=str(pipe))
    assert os.read(reader, 1000) == b"\xef\xbb\xbfemail\r\nann@example.org\r\nbob@example.org\r\n"
    os.close(reader)
    assert pipe.is_fifo()

    file.write_text("old")
    link.symlink_to(file)
    out(format="csv", columns="email", output=str(link))
    assert link.is_symlink()
    assert file.read_text("utf-8-sig").splitlines() == ["email", "ann@example.org", "bob@example.org"]
    with pytest.raises(CommandError, match="cannot be written: Is a directory"):
        out(format="csv", output=str(tmp_path))


def test_a_file_that_is_there_stays_when_the_new_one_fails(two, tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_text("old")

    def broken(self, pks):
        yield [["ann@example.org"]]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("oscar_customers_ext.transfers.exports.resources.CustomerResource.chunks", broken)
    with pytest.raises(CommandError, match="No space left on device"):
        out(format="csv", columns="email", output=str(path))

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["list.csv"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": "email,password"}, "There is no column password. The columns are: register_id, number,"),
        ({"output": "/nowhere/at/all/list.csv"}, "cannot be written: No such file or directory."),
    ],
)
def test_what_is_wrong_is_told(two, options, sentence):
    with pytest.raises(CommandError) as caught:
        out(format="csv", **options)
    assert sentence in str(caught.value)


def test_an_unknown_format_is_refused(two):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("export_customers", "--format", "exe")
