"""What staff and the shop did to a customer, in Wagtail's own log."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter
from wagtail.models import ModelLogEntry

ARCHIVE = "oscar_customers_ext.archive"
RESTORE = "oscar_customers_ext.restore"
CREATE, EDIT, DELETE = "wagtail.create", "wagtail.edit", "wagtail.delete"

#: Action -> its name in filters, and the sentence of the entry: a text, or a function of the entry that makes one.
#: A feature has a table like this in a module ``audit`` of its own.
ACTIONS = {
    ARCHIVE: (_("Archive customer"), _("Archived")),
    RESTORE: (_("Restore customer"), _("Restored")),
}


def register(actions, table):
    for action, (label, message) in table.items():
        actions.register_action(action)(_formatter(label, message))


def _formatter(label, message):
    def format_message(self, entry):
        return message(entry) if callable(message) else message

    return type("Formatter", (LogFormatter,), {"label": label, "format_message": format_message})


def log_all(instances, action, *, actor=None, data=None):
    """One entry for each, written at once: Wagtail's own function needs a statement per entry.

    ``actor`` is the member of staff, None when the shop itself acts. Without a common ``uuid``, because Wagtail shows
    only the last of the entries that share one.
    """
    log_each(((instance, data or {}) for instance in instances), action, actor=actor)


def log_each(entries, action, *, actor=None, insert=None):
    """The same for pairs of an instance and what its entry keeps. ``insert(model, rows)`` is a quicker bulk_create."""
    entries = list(entries)
    if not entries:
        return
    content_type = ContentType.objects.get_for_model(entries[0][0], for_concrete_model=False)
    now = timezone.now()
    rows = (
        ModelLogEntry(
            content_type=content_type,
            object_id=str(instance.pk),
            label=str(instance),
            action=action,
            timestamp=now,
            user=actor,
            data=data,
            content_changed=True,
            deleted=action == DELETE,
        )
        for instance, data in entries
    )
    if insert is None:
        ModelLogEntry.objects.bulk_create(rows)
    else:
        insert(ModelLogEntry, rows)
