"""manage.py import_customers"""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from oscar_customers_ext.models import Customer, ImportJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, django_capture_on_commit_callbacks):
    def _run(content, *arguments, name="list.csv"):
        path = tmp_path / name
        path.write_text(content)
        out = io.StringIO()
        try:
            with django_capture_on_commit_callbacks(execute=True):
                call_command("import_customers", str(path), "--json", *arguments, stdout=out)
        except CommandError as error:
            return error.returncode, json.loads(out.getvalue())
        return 0, json.loads(out.getvalue())

    return _run


CONTENT = "name,email,password\nAnn Rossi,ann@example.org,\nBob,nobody,\n"
REPORT = {
    "created": 1,
    "updated": 0,
    "unchanged": 0,
    "skipped": 0,
    "failed": 1,
    "rows": 2,
    "errors": [
        {
            "row": 2,
            "column": "email",
            "message": "This is not a valid e-mail address. Write it like name@example.com.",
        }
    ],
    "notices": [],
}


def test_the_report_is_one_json_object(shop, run):
    assert run(CONTENT, "--dry-run") == (0, REPORT)
    assert Customer.objects.count() == 0

    assert run(CONTENT) == (0, REPORT)
    assert Customer.objects.get().full_name == "Ann Rossi"
    assert not ImportJob.objects.exclude(file="").exists()


def test_a_refused_file_ends_with_one_sentence(shop, run):
    code, report = run("email,email\na@example.org,b\n")

    assert code == 1
    assert report["error"] == "The column email is there twice. Rename or delete one of the two."
    assert report["rows"] == report["created"] == 0
    assert run("a,b\n1,2\n")[1]["error"] == "Choose the column that holds the e-mail address."
    assert ImportJob.objects.exclude(file="").count() == 0


def test_a_mapping_comes_from_a_file_or_by_name(shop, run, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": {"Mail": "email", "Who": "name"}, "options": {"new": "skip"}}))

    assert run("Mail,Who\nann@example.org,Ann\n", "--mapping", str(mapping))[1]["skipped"] == 1
    assert (
        run("name,email,password\nAnn,ann@example.org,\n", "--mapping", "name-email-password")[1]["created"]
        == 1
    )
    for name, sentence in [("nothing", "There is no mapping"), (str(tmp_path / "list.csv"), "no JSON file")]:
        with pytest.raises(CommandError, match=sentence):
            call_command("import_customers", str(tmp_path / "list.csv"), "--mapping", name)
