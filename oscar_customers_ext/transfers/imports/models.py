import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.models.source import SOURCE_LENGTH
from oscar_customers_ext.customers.notes.files import private_storage

#: In private storage.
FOLDER = "imports"
#: One hashed password takes about as long as so many rows.
ACCOUNT_WEIGHT = 500


def upload_to(instance: Any, filename: str) -> str:
    return f"{FOLDER}/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:10]}"


class ImportJob(models.Model):
    """One file on its way into the register: what it is, how it is to be read, how far it is, what came of it."""

    class State(models.TextChoices):
        #: The file is there; columns and options can be corrected.
        UPLOADED = "uploaded", _("To be checked")
        #: A dry run goes through the rows and changes nothing.
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        #: Ended by somebody; what was done until then stays, and can be undone.
        CANCELLED = "cancelled", _("Cancelled")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Phase(models.TextChoices):
        """Of a run: accounts come after the rows, because hashing passwords is slow."""

        ROWS = "rows", _("Rows")
        ACCOUNTS = "accounts", _("User accounts")

    #: States in which slices are worked on.
    WORKING = (State.CHECKING, State.RUNNING, State.UNDOING)
    #: States in which columns and options can be corrected.
    OPEN = (State.UPLOADED, State.CHECKED)
    #: What a run wrote can be taken back then.
    ENDED = (State.DONE, State.CANCELLED)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    #: Who uploaded the file, and from the run on who confirmed it: the file may do what this member of staff may.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Where its account is gone, the file may do nothing more: with nobody as actor it could do all.
    is_of_staff = models.BooleanField(default=False, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.UPLOADED)
    #: Deleted once the import is done or given up: it may hold passwords.
    file = models.FileField(_("file"), storage=private_storage, upload_to=upload_to, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=255)
    #: The rows as lines of JSON, so that a slice begins where the last one ended; deleted together with the file.
    rows_file = models.FileField(storage=private_storage, upload_to=upload_to, blank=True, editable=False)
    #: Of the messages of rows.
    language = models.CharField(max_length=16, blank=True, editable=False)
    #: How it is read: name of the format, and for text the encoding and the delimiter.
    table_format = models.CharField(_("format"), max_length=16)
    encoding = models.CharField(_("encoding"), max_length=32, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    #: Key of the shop whose export it is (see ``transfers.shops``); empty for any other file.
    shop = models.CharField(_("shop"), max_length=32, blank=True)
    header = models.JSONField(_("columns of the file"), default=list)
    #: The field of each column, in their order; null for a column that is left behind.
    mapping = models.JSONField(_("fields of the columns"), default=list)
    options = models.JSONField(_("options"), default=dict)
    #: What was assumed of the file and may be wrong, in sentences.
    notices = models.JSONField(_("notices"), default=list)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    #: Rows that the present dry run, run or undo has dealt with.
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    phase = models.CharField(max_length=16, choices=Phase, default=Phase.ROWS, editable=False)
    #: Where in ``rows_file`` the next slice begins.
    position = models.PositiveBigIntegerField(default=0, editable=False)
    #: Rows that may get a user account, and how many of them were looked at.
    accounts_total = models.PositiveIntegerField(_("user accounts"), default=0)
    accounts_done = models.PositiveIntegerField(_("user accounts done"), default=0)
    #: How many rows had which outcome, by dry run ("forecast"), run ("counts") and undo, see ``imports.counts``.
    forecast = models.JSONField(_("forecast"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    undo_counts = models.JSONField(_("taken back"), default=dict)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    #: Until then one worker has the job; whoever comes later waits, and takes over when it has passed.
    leased_until = models.DateTimeField(null=True, editable=False)
    lease = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.file_name

    @property
    def is_working(self):
        return self.state in self.WORKING

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def is_undoable(self):
        return self.state in self.ENDED and bool(self.counts.get("rows"))

    @property
    def percent(self):
        """How far the present dry run, run or undo is: true, and never less than before."""
        accounts = self.accounts_total if self.state == self.State.RUNNING else 0
        total = self.rows_total + accounts * ACCOUNT_WEIGHT
        done = self.rows_done + (self.accounts_done * ACCOUNT_WEIGHT if accounts else 0)
        return min(100, done * 100 // total) if total else (0 if self.is_working else 100)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def of(self, job: ImportJob, *, is_forecast: bool) -> "ImportRowQuerySet":
        """Of one pass through the file. As a list of one: for the boolean alone SQLite uses no index."""
        return self.filter(job=job, is_forecast__in=[is_forecast])


class ImportRow(models.Model):
    """What became of one row of the file, or what would: with the old and the new value of each changed field."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    class Undone(models.TextChoices):
        WHOLLY = "wholly", _("Taken back")
        PARTLY = "partly", _("Partly taken back")
        LEFT = "left", _("Left as it is")

    job = models.ForeignKey(
        "oscar_customers_ext.ImportJob",
        verbose_name=_("import"),
        on_delete=models.CASCADE,
        related_name="rows",
        # Other indexes begin with it.
        db_index=False,
    )
    is_forecast = models.BooleanField(_("from the dry run"))
    #: The first row below the header is 1.
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="import_rows",
        db_index=False,
    )
    #: What is wrong, in a sentence, and the column that it is about.
    message = models.TextField(_("message"), blank=True)
    column = models.CharField(_("column"), max_length=255, blank=True)
    #: It was taken, but not with all that it says: the message tells what is missing.
    is_noted = models.BooleanField(default=False, editable=False)
    #: Field -> [old, new] as texts; of a new customer the values. Never a password.
    changes = models.JSONField(_("changes"), default=dict)
    #: Keys of the rows that were written for it, for the undo.
    made = models.JSONField(default=dict, editable=False)
    #: The row as it stood in the file, where it failed, was skipped or has a message; without what may be a password.
    cells = models.JSONField(_("cells"), default=list)
    #: Digests of the address and of the row's other identity: the first row of the file that has them wins.
    email_digest = models.CharField(max_length=16, blank=True, editable=False)
    id_digest = models.CharField(max_length=16, blank=True, editable=False)
    undone = models.CharField(_("taken back"), max_length=16, choices=Undone, blank=True)
    #: What was left when it was taken back, and why.
    undo_message = models.TextField(_("left"), blank=True)
    #: It was not taken back, or not wholly.
    is_left = models.BooleanField(default=False, editable=False)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "is_forecast", "number"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["job", "is_forecast", "outcome", "number"], name="import_row_outcome"),
            models.Index(fields=["customer", "job", "is_forecast"], name="import_row_customer"),
            # Of few rows: these two cost the others nothing.
            models.Index(
                fields=["job", "is_forecast", "number"],
                name="import_row_noted",
                condition=models.Q(is_noted=True),
            ),
            models.Index(
                fields=["job", "is_forecast", "number"],
                name="import_row_left",
                condition=models.Q(is_left=True),
            ),
            models.Index(fields=["job", "is_forecast", "email_digest"], name="import_row_email"),
            models.Index(fields=["job", "is_forecast", "id_digest"], name="import_row_id"),
        ]

    def __str__(self):
        return f"{self.job} – {self.number}"


class ImportMapping(models.Model):
    """How a file with this header row was read the last time."""

    #: Of the header row: names without case and outer space, in their order.
    header_digest = models.CharField(max_length=64, unique=True, editable=False)
    mapping = models.JSONField(_("fields of the columns"), default=list)
    options = models.JSONField(_("options"), default=dict)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")

    def __str__(self):
        return self.header_digest


class ExternalId(models.Model):
    """The number that another system has for a customer."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="external_ids",
    )
    source = models.CharField(_("source"), max_length=SOURCE_LENGTH)
    value = models.CharField(_("number there"), max_length=255)

    class Meta:
        verbose_name = _("number in another system")
        verbose_name_plural = _("numbers in other systems")
        constraints = [models.UniqueConstraint(fields=["source", "value"], name="external_id_once")]

    def __str__(self):
        return f"{self.source}: {self.value}"
