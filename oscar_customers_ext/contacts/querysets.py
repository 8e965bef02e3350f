from typing import Any, NoReturn

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_customers_ext.exceptions import LedgerClosed

DEFAULT_SLUG = "newsletter"


class MailingListQuerySet(models.QuerySet[Any]):
    def default(self) -> Any:
        """The default list, made when there is none. Safe under concurrency."""
        found = self.filter(is_default=True).first()
        if found:
            return found
        with translation.override(settings.LANGUAGE_CODE):
            name = _("Newsletter")
        try:
            with transaction.atomic():
                made, is_new = self.get_or_create(
                    slug=DEFAULT_SLUG, defaults={"name": name, "is_default": True}
                )
                if not is_new and not made.is_default:
                    # Somebody made it by hand, and no other list is the default.
                    made.is_default = True
                    made.save(update_fields=["is_default"])
                return made
        except IntegrityError:
            # Another process was quicker, with a list of another name.
            return self.get(is_default=True)


class SubscriptionQuerySet(models.QuerySet[Any]):
    def to_default_list(self) -> Any:
        """Of every contact to the newsletter; none where nobody ever subscribed, and so no list was made."""
        return self.filter(mailing_list__is_default=True)


class ConsentEntryQuerySet(models.QuerySet[Any]):
    """Lines are added. Django's own cascades (a member of staff who is deleted) go past this, as they must."""

    def update(self, **columns: Any) -> NoReturn:
        raise LedgerClosed

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerClosed

    def delete(self) -> NoReturn:
        raise LedgerClosed
