from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .files import private_storage, upload_to
from .querysets import CustomerNoteQuerySet


class CustomerNote(models.Model):
    """What staff keep for themselves about a customer. Never shown in the shop."""

    customer = models.ForeignKey(
        "oscar_customers_ext.Customer",
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="notes",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    text = models.TextField(_("text"), blank=True)
    pinned = models.BooleanField(_("pinned"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    modified_at = models.DateTimeField(_("modified"), null=True)
    modified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("modified by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CustomerNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-pinned", "-created_at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-pinned", "-created_at", "-id"], name="note_of_customer")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(pinned=True), name="one_pinned_note"
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def version(self):
        """Changes with each change of the text or the files."""
        return (self.modified_at or self.created_at).isoformat()


class NoteFile(models.Model):
    """A file of a note. Served by a view that asks for permission, as a download; its file goes when the row goes."""

    note = models.ForeignKey(
        "oscar_customers_ext.CustomerNote",
        verbose_name=_("note"),
        on_delete=models.CASCADE,
        related_name="files",
    )
    file = models.FileField(_("file"), storage=private_storage, upload_to=upload_to)
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("file of a note")
        verbose_name_plural = _("files of notes")
        ordering = ["pk"]

    def __str__(self):
        return self.name
