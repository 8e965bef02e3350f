"""What became of the rows, or what would: counts, and the rows of one outcome in pages."""

from datetime import time
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oscar_customers_ext.customers.links import customer_url
from oscar_customers_ext.transfers.fields import is_target, label_of

from .descriptions import figures, grouped, left_behind, outcome_label, wait_for
from .models import ImportRow
from .options import LABELS

PER_PAGE = 50
#: Of a number of a row.
MOST_DIGITS = 9
Outcome = ImportRow.Outcome
#: Filter of rows that were taken, but not with all that they say.
NOTICES = "notices"
#: Filter of rows that an undo did not take back, or not wholly.
LEFT = "left"
ALL_ROWS = ""
#: Characters of a row as it stands in the file, by which its line is found there.
EXCERPT = 160


#: Fields whose values are moments, which the engine keeps in UTC.
MOMENTS = ("created_at", "consent_at")


def change_label(name: str) -> Any:
    return LABELS.get(name) or (label_of(name) if is_target(name) else name)


def changes_of(row: ImportRow) -> list[tuple[Any, Any, Any]]:
    """Label, old and new value of each field; the old one is empty for what is new."""
    found = []
    for name, change in row.changes.items():
        old, new = change if isinstance(change, list) and len(change) == 2 else ("", change)
        shown = _moment if name in MOMENTS else _shown
        found.append((change_label(name), shown(old), shown(new)))
    return found


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(value: Any) -> str:
    moment = parse_datetime(value) if isinstance(value, str) and value else None
    if moment is None:
        return _shown(value)
    local = localtime(moment)
    # Most files have dates without a time.
    return date_format(local, "SHORT_DATETIME_FORMAT" if local.time() != time.min else "SHORT_DATE_FORMAT")


def excerpt_of(row: ImportRow) -> str:
    """Of a row that shows nobody: what stands in its cells. The engine keeps no password of them."""
    if row.customer is not None or row.changes:
        return ""
    return Truncator(" · ".join(" ".join(cell.split()) for cell in row.cells if cell.strip())).chars(EXCERPT)


class RowPage:
    """Some rows behind the row whose number is ``after``, or those before ``before``; else the first ones.

    Each page is found by the number of a row: however far down it is, it costs the same.
    """

    def __init__(self, found, asked):
        after, before = (_number(asked.get(name)) for name in ("after", "before"))
        self.rows = self._behind(found, after) if before is None else self._before(found, before)
        self.rows = self.rows or self._behind(found, 0)
        self.first = self.rows[0].number if self.rows else 0
        self.last = self.rows[-1].number if self.rows else 0
        self.has_previous = bool(self.rows) and found.filter(number__lt=self.first).exists()
        self.has_next = bool(self.rows) and found.filter(number__gt=self.last).exists()

    def _behind(self, found, number):
        return list(found.filter(number__gt=number or 0).order_by("number")[:PER_PAGE])

    def _before(self, found, number):
        return list(found.filter(number__lt=number).order_by("-number")[:PER_PAGE])[::-1]


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


class ReportMixin:
    """Before TemplateView: ``get_report`` is the context of the counts and of one page of rows."""

    def get_report(self):
        job = self.job
        is_forecast = job.state == job.State.CHECKED
        counts = job.forecast if is_forecast else job.counts
        filters = self.get_filters(counts)
        chosen = self.request.GET.get("outcome", ALL_ROWS)
        if chosen not in [each["value"] for each in filters]:
            chosen = ALL_ROWS
        page = self.get_page(chosen, is_forecast)
        return {
            "counts": counts,
            "figures": figures(counts),
            "filters": filters,
            "chosen": chosen,
            "page": page,
            "rows": [self.shown(row) for row in page.rows],
            "is_forecast": is_forecast,
            "failed_count": counts.get("failed", 0),
            "skipped_count": counts.get("skipped", 0),
            "notice_count": counts.get("notices", 0),
            "to_do": counts.get("created", 0) + counts.get("updated", 0),
            "left_behind": left_behind(job),
            "left_count": self.left_count,
            "wait": wait_for(job) if is_forecast else "",
        }

    @property
    def left_count(self):
        return self.job.undo_counts.get("left", 0) + self.job.undo_counts.get("partly", 0)

    def get_filters(self, counts):
        """Each with its label, how many rows it shows, and its address; those that show none are left out."""
        found = [(ALL_ROWS, _("All rows"), counts.get("rows", 0))]
        found += [
            (value, outcome_label(value, number), number)
            for value, number in ((value, counts.get(value, 0)) for value in Outcome.values)
        ]
        found.append((NOTICES, _("With a message"), counts.get("notices", 0)))
        found.append((LEFT, _("Not taken back"), self.left_count))
        return [
            {
                "value": value,
                "label": label,
                "count": count,
                "shown": grouped(count),
                "url": f"{self.job_url}?{urlencode({'outcome': value})}" if value else self.job_url,
            }
            for value, label, count in found
            if count or value == ALL_ROWS
        ]

    def get_page(self, chosen, is_forecast):
        rows = ImportRow.objects.of(self.job, is_forecast=is_forecast)
        if chosen == LEFT:
            rows = rows.filter(is_left=True)
        elif chosen == NOTICES:
            rows = rows.filter(is_noted=True)
        elif chosen:
            rows = rows.filter(outcome=chosen)
        rows = rows.select_related("customer").defer("made")
        return RowPage(rows, self.request.GET)

    def shown(self, row):
        return {
            "row": row,
            "excerpt": excerpt_of(row),
            "changes": changes_of(row),
            "url": customer_url(self.request.user, row.customer) if row.customer else "",
        }
