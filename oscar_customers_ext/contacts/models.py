from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.exceptions import InvalidEmail, LedgerClosed

from .identity import MAX_LENGTH, email_key
from .querysets import ConsentEntryQuerySet, MailingListQuerySet, SubscriptionQuerySet


class Addressed(models.Model):
    """Something that one e-mail address stands for: the address as typed, and the key that says whose it is."""

    email = models.EmailField(_("e-mail address"), max_length=MAX_LENGTH, blank=True)
    email_key = models.CharField(max_length=MAX_LENGTH, unique=True, null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_email_has_key",
                condition=models.Q(email="", email_key__isnull=True)
                | (~models.Q(email="") & models.Q(email_key__isnull=False)),
            ),
        ]

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Raises InvalidEmail when the address is none."""
        self.email = self.email.strip()
        self.email_key = email_key(self.email)
        if update_fields is not None and "email" in update_fields:
            update_fields = {*update_fields, "email_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self) -> None:
        super().clean()
        try:
            self.email_key = email_key(self.email)
        except InvalidEmail as error:
            raise ValidationError({"email": error}) from error


class Contact(Addressed):
    """Somebody who can be written to. Consent hangs on the contact; there is none until it is given."""

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(Addressed.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.email or str(_("Contact without e-mail address"))


class MailingList(models.Model):
    """What a contact can ask to be sent. One list is the default: the newsletter."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(_("slug"), max_length=64, unique=True, validators=[validate_slug])
    description = models.TextField(_("description"), blank=True)
    is_default = models.BooleanField(_("default list"), default=False)

    objects: Any = MailingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_mailing_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConsentState(models.TextChoices):
    SUBSCRIBED = "subscribed", _("Subscribed")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    #: Said no in person (GDPR, article 21): asked again only after an extra confirmation.
    OBJECTED = "objected", _("Objected")


class ConsentEntry(models.Model):
    """One line of the ledger of consents: what a contact said of a list, when, where, and to which words.

    Lines are only ever added. ``contacts.actions`` writes them, together with the state that follows.
    """

    contact = models.ForeignKey(
        "oscar_customers_ext.Contact",
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        related_name="consents",
    )
    mailing_list = models.ForeignKey(
        "oscar_customers_ext.MailingList",
        verbose_name=_("mailing list"),
        on_delete=models.PROTECT,
        related_name="consents",
    )
    state = models.CharField(_("state"), max_length=12, choices=ConsentState.choices)
    email = models.EmailField(_("e-mail address at that time"), max_length=MAX_LENGTH, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    source = models.CharField(_("source"), max_length=64)
    text = models.TextField(_("exact text"), blank=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member of staff"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: Any = ConsentEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["contact", "-at", "-id"], name="consent_of_contact")]

    #: Words for the sources that are ours; a site's own are shown as they are.
    SOURCES = {
        "staff": _("Entered by staff"),
        "newsletter": _("Newsletter sign-up"),
        "address_changed": _("Change of the e-mail address"),
        "import": _("Import of a file"),
    }

    def __str__(self) -> str:
        return f"{self.mailing_list}: {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises LedgerClosed for a line that is stored already."""
        if not self._state.adding:
            raise LedgerClosed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises LedgerClosed."""
        raise LedgerClosed

    @property
    def source_label(self) -> Any:
        return self.SOURCES.get(self.source, self.source)


class Subscription(models.Model):
    """What the last line of the ledger says of a contact and a list, for lists and filters.

    ``changed_at`` is the time of that line. No row means that nothing was ever said.
    """

    contact = models.ForeignKey(
        "oscar_customers_ext.Contact",
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    mailing_list = models.ForeignKey(
        "oscar_customers_ext.MailingList",
        verbose_name=_("mailing list"),
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    state = models.CharField(_("state"), max_length=12, choices=ConsentState.choices)
    changed_at = models.DateTimeField(_("changed"))

    objects: Any = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [models.Index(fields=["mailing_list", "state", "contact"], name="subscription_state")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "mailing_list"], name="subscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_list}: {self.get_state_display()}"
