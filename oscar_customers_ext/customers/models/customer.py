import re

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from oscar_customers_ext.conf import conf
from oscar_customers_ext.contacts.actions import contact_at
from oscar_customers_ext.contacts.models import Addressed
from oscar_customers_ext.customers.numbers import MAX_LENGTH as NUMBER_MAX_LENGTH
from oscar_customers_ext.customers.numbers import computed_numbers, validate_number
from oscar_customers_ext.customers.querysets import CustomerQuerySet
from oscar_customers_ext.customers.search_text import SOURCES, compose_search_text
from oscar_customers_ext.customers.states import DECLINED, PENDING, ApprovalState
from oscar_customers_ext.customers.tags.manager import CustomerTagManager
from oscar_customers_ext.exceptions import CustomerExists

from .verified_email import VerifiedEmail


def approved_from_the_start():
    return conf.APPROVE_NEW_CUSTOMERS


LISTED = models.Q(archived_at__isnull=True)
ARCHIVED = models.Q(archived_at__isnull=False)


class Customer(Addressed):
    """Somebody who bought, registered or was entered by staff. Made by ``customers.actions`` only.

    The counters belong to ``customers.counters``: they are recomputed from the linked orders, and a change of
    theirs is no change of the customer (``modified_at`` stays).
    """

    number = models.CharField(
        _("customer number"),
        max_length=NUMBER_MAX_LENGTH,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Leave empty for a number that the shop gives out itself."),
        error_messages={"unique": _("This customer number is taken. Choose another one, or leave it empty.")},
    )
    first_name = models.CharField(_("first name"), max_length=255, blank=True)
    last_name = models.CharField(_("last name"), max_length=255, blank=True)
    phone = models.CharField(_("phone"), max_length=64, blank=True)
    company_name = models.CharField(_("company name"), max_length=255, blank=True)
    organisation_id = models.CharField(_("organisation number"), max_length=64, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    country = models.ForeignKey(
        "address.Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=16, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user account"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="oscar_customer",
    )
    contact = models.OneToOneField(
        "oscar_customers_ext.Contact",
        verbose_name=_("marketing contact"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="customer",
    )
    approved_buyer = models.BooleanField(_("approved buyer"), default=approved_from_the_start)
    #: Null together with "not approved" means pending; set together with it, declined.
    approval_decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    groups = models.ManyToManyField(
        "oscar_customers_ext.CustomerGroup",
        verbose_name=_("customer groups"),
        blank=True,
        related_name="customers",
    )
    tags = TaggableManager(
        through="oscar_customers_ext.TaggedCustomer",
        verbose_name=_("tags"),
        help_text=_("Words of your own, like “press”. Separate them with commas."),
        blank=True,
        ordering=["key"],
        manager=CustomerTagManager,
    )
    sites = models.ManyToManyField("sites.Site", verbose_name=_("sites"), blank=True, related_name="+")
    orders_count = models.PositiveIntegerField(_("orders"), default=0, editable=False)
    orders_total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=0, editable=False)
    last_order_at = models.DateTimeField(_("last order"), null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    modified_at = models.DateTimeField(_("modified"), auto_now=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = CustomerQuerySet.as_manager()

    COUNTERS = frozenset({"orders_count", "orders_total", "last_order_at"})

    class Meta(Addressed.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("approve_customer", _("Can approve customers as buyers")),
            ("assign_group_customer", _("Can put customers into customer groups")),
            ("assign_role_customer", _("Can give roles to customers")),
            ("manage_account_customer", _("Can manage the user accounts of customers")),
            ("import_customer", _("Can import customers from files")),
            ("export_customer", _("Can export customers to files")),
            ("subscribe_customer", _("Can change newsletter subscriptions of customers")),
        ]
        # For the list, which shows archived customers only when asked; each way to sort it reads twenty rows.
        indexes = [
            models.Index(fields=["-created_at", "-id"], condition=LISTED, name="customer_created"),
            models.Index(fields=["last_name", "first_name", "id"], condition=LISTED, name="customer_name"),
            models.Index(fields=["-orders_count", "-id"], condition=LISTED, name="customer_orders_count"),
            models.Index(fields=["country", "-created_at", "-id"], condition=LISTED, name="customer_country"),
            models.Index(fields=["-created_at", "-id"], condition=ARCHIVED, name="customer_archived"),
            # Approved customers are in neither, so a checkout does not pay for them.
            models.Index(fields=["-created_at", "-id"], condition=PENDING, name="customer_pending"),
            models.Index(fields=["-created_at", "-id"], condition=DECLINED, name="customer_declined"),
        ]

    def __str__(self):
        return (
            self.full_name
            or self.company_name
            or self.email
            or self.number
            or str(_("Customer without a name"))
        )

    @admin.display(description=_("Name"), ordering="last_name")
    def name(self):
        return str(self)

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_registered(self):
        return self.user_id is not None

    @property
    def kind(self):
        return _("Registered") if self.is_registered else _("Guest")

    @property
    def approval_state(self):
        if self.approved_buyer:
            return ApprovalState.APPROVED
        return ApprovalState.DECLINED if self.approval_decided_at else ApprovalState.PENDING

    @property
    def language_name(self):
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def phone_for_dialling(self):
        """For a ``tel:`` link (RFC 3966): digits, and the plus sign in front of an international number."""
        return ("+" if self.phone.strip().startswith("+") else "") + re.sub(r"\D", "", self.phone)

    def clean(self):
        super().clean()
        if self.number and not Customer.objects.filter(pk=self.pk, number=self.number).exists():
            try:
                validate_number(self.number, pk=self.pk)
            except ValidationError as error:
                raise ValidationError({"number": error}) from error
        namesake = Customer.objects.for_email(self.email).exclude(pk=self.pk).first()
        if namesake:
            raise ValidationError({"email": CustomerExists(namesake)})

    @classproperty
    def OWN_COLUMNS(cls):
        return {field.name for field in cls._meta.concrete_fields if not field.primary_key} - cls.COUNTERS

    @transaction.atomic(savepoint=False)
    def save(self, *args, update_fields=None, **kwargs):
        """Keeps key, number, search text and the contact's address true. Raises InvalidEmail.

        The counters of an existing row are written only when ``update_fields`` names them: whoever holds the row for
        a while would write back old ones. ``modified_at`` moves unless ``update_fields`` leaves it out.
        """
        self.number = self.number or None
        adding = self._state.adding
        if not adding:
            if update_fields is None:
                update_fields = self.OWN_COLUMNS
            self.search_text = self.composed_search_text()
            if not set(SOURCES).isdisjoint(update_fields):
                update_fields = {*update_fields, "search_text"}
            if "email" in update_fields:
                self.contact = contact_at(self.email, following=self.contact)
                update_fields = {*update_fields, "contact"}
        super().save(*args, update_fields=update_fields, **kwargs)
        if adding:
            self.complete()

    def complete(self):
        """Gives number and search text to a row that was just inserted: both hang on the primary key."""
        for number in [self.number] if self.number else [*computed_numbers(self.pk), None]:
            self.number = number
            self.search_text = self.composed_search_text()
            try:
                with transaction.atomic():
                    Customer.objects.filter(pk=self.pk).update(number=number, search_text=self.search_text)
            except IntegrityError:
                # An editor typed this number under an earlier pattern. Without a number at all the row is still good.
                if number is None:
                    raise
            else:
                break

    def composed_search_text(self):
        texts = [
            self.first_name,
            self.last_name,
            self.company_name,
            self.organisation_id,
            self.vat_number,
            self.email,
        ]
        return compose_search_text(
            pk=self.pk, number=self.number, texts=texts, phone=self.phone, country_code=self.country_id
        )

    @cached_property
    def email_is_proven(self):
        """Whether the attached user has proved to read mail at this address."""
        if self.user_id is None or self.email_key is None:
            return False
        return VerifiedEmail.objects.filter(user_id=self.user_id, email_key=self.email_key).exists()
