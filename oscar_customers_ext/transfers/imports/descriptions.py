"""An import in words: what its file is, how far it is, how long it takes."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from oscar_customers_ext.transfers.shops.files import BY_KEY

from .accounts import seconds_per_password
from .forms import delimiter_name, encoding_name
from .models import ImportJob, ImportRow
from .tasks import runs_at_once

FORMAT_NAMES = {
    "csv": gettext_lazy("Text with delimiters (CSV)"),
    "tsv": gettext_lazy("Text with tabs (TSV)"),
    "xlsx": gettext_lazy("Excel (XLSX)"),
    "ods": gettext_lazy("OpenDocument (ODS)"),
    "json": "JSON",
    "yaml": "YAML",
}
#: Seconds below which nobody is told.
WORTH_SAYING = 10
MINUTE, HOUR = 60, 3600


def grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def described(job: ImportJob) -> list[tuple[Any, Any]]:
    """What was found out about the file, as labels and values."""
    known = BY_KEY.get(job.shop)
    facts = [(_("File"), job.file_name), (_("Format"), FORMAT_NAMES.get(job.table_format, job.table_format))]
    if job.encoding:
        facts.append((_("Encoding"), encoding_name(job.encoding)))
    if job.delimiter:
        facts.append((_("Delimiter"), delimiter_name(job.delimiter)))
    facts.append((_("Recognised as"), known.title if known else _("a list of its own kind")))
    facts.append((_("Rows"), grouped(job.rows_total)))
    return facts


def progress_of(job: ImportJob) -> dict[str, Any]:
    return {"working": job.is_working, "percent": job.percent, "sentence": _sentence(job)}


def _sentence(job: ImportJob) -> str:
    if not job.is_working:
        return str(job.get_state_display())
    if job.state == job.State.RUNNING and job.phase == job.Phase.ACCOUNTS:
        values = {"done": grouped(job.accounts_done), "total": grouped(job.accounts_total)}
        return _("%(done)s of %(total)s user accounts") % values
    values = {"done": grouped(job.rows_done), "total": grouped(job.rows_total)}
    return ngettext("%(done)s of %(total)s row", "%(done)s of %(total)s rows", job.rows_total) % values


def figures(counts: dict[str, int]) -> list[tuple[str, Any, str]]:
    """The counts in their order, as name, label and number; they add up to the last one."""
    numbers = {name: counts.get(name, 0) for name in [*ImportRow.Outcome.values, "rows"]}
    return [
        (name, outcome_label(name, number) if name != "rows" else _("Rows in all"), grouped(number))
        for name, number in numbers.items()
    ]


def outcome_label(outcome: str, number: int) -> str:
    """Of so many rows: languages that have another word for several have one here."""
    labels = {
        ImportRow.Outcome.CREATED: npgettext("rows", "New", "New", number),
        ImportRow.Outcome.UPDATED: npgettext("rows", "Changed", "Changed", number),
        ImportRow.Outcome.UNCHANGED: npgettext("rows", "Unchanged", "Unchanged", number),
        ImportRow.Outcome.SKIPPED: npgettext("rows", "Skipped", "Skipped", number),
        ImportRow.Outcome.FAILED: npgettext("rows", "Failed", "Failed", number),
    }
    return labels[ImportRow.Outcome(outcome)]


def left_behind(job: ImportJob) -> list[str]:
    pairs = enumerate(zip(job.header, job.mapping, strict=True), start=1)
    return [
        column or _("Column %(number)d") % {"number": place}
        for place, (column, target) in pairs
        if not target
    ]


def wait_for(job: ImportJob) -> str:
    """How long the passwords will take; empty where that is no time. Accounts without one are made at once."""
    passwords = job.forecast.get("accounts", 0) - job.forecast.get("open_accounts", 0)
    seconds = passwords * seconds_per_password()
    if seconds < WORTH_SAYING:
        return ""
    values = {"passwords": grouped(passwords), "seconds": round(seconds)}
    if seconds < 2 * MINUTE:
        return _("Encrypting %(passwords)s passwords takes about %(seconds)d seconds.") % values
    if seconds < 2 * HOUR:
        values["minutes"] = grouped(round(seconds / MINUTE))
        sentence = _("Encrypting %(passwords)s passwords takes about %(minutes)s minutes.") % values
    else:
        values["hours"] = grouped(round(seconds / HOUR))
        sentence = _(
            "Encrypting %(passwords)s passwords takes about %(hours)s hours. Leave the column of passwords behind where "
            "that is too long: customers then set one by “forgotten password”."
        )
        sentence %= values
    if runs_at_once():
        return f"{sentence} {_('It goes on while the page of the import is open, and where it was when you come back.')}"
    return f"{sentence} {_('You can leave the page meanwhile.')}"
