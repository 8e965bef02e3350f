from hashlib import sha256

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from oscar_customers_ext.conf import conf
from oscar_customers_ext.contacts.identity import email_key

from .actions import create_customer
from .changes import describe
from .links import customer_url
from .models import Customer
from .ownership import usable_address
from .protected_users import is_protected
from .staff_sites.forms import SitesField
from .staff_sites.models import StaffSite
from .staff_sites.policies import sites_of_staff
from .tags.forms import CustomerTagField
from .tags.spelling import tag_key
from .vat_numbers import parse_vat_number


def _text(value):
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value), key=tag_key))
    return "" if value is None else str(getattr(value, "pk", value))


class CustomerForm(WagtailAdminModelForm):
    language = forms.ChoiceField(label=_("Language"), required=False)
    #: When the customer was last modified as the editor saw it.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = self._languages()
        if "sites" in self.fields and not self._may_choose_sites():
            # Absent and not just hidden: what is posted by hand counts for nothing.
            del self.fields["sites"]
        for field in self.fields.values():
            # Django compares with a hidden field where a column's default is a function; Wagtail renders none.
            field.show_hidden_initial = False
        if "tags" in self.fields:
            given = self.fields["tags"]
            self.fields["tags"] = CustomerTagField(
                label=given.label, help_text=given.help_text, required=given.required
            )
        if self.instance.pk:
            self.fields["version"].initial = self._version()
        locked = self._why_address_is_locked() if self.instance.pk else ""
        if locked:
            # Django then takes no other value, whatever is posted.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = locked

    def _version(self):
        """Of what is stored: tags are renamed and merged without a change of the customer."""
        tags = _text(self.initial.get("tags", []))
        digest = f" {sha256(tags.encode()).hexdigest()[:16]}" if tags else ""
        return f"{self.instance.modified_at.isoformat()}{digest}"

    def _languages(self):
        """The shop's languages, and one that was stored before it left the settings."""
        choices = [("", "---------"), *settings.LANGUAGES]
        stored = self.instance.language
        return choices if stored in dict(choices) else [*choices, (stored, stored)]

    def _may_choose_sites(self):
        """Whoever is limited to sites must not give a customer away; where there is one site, there is no choice."""
        is_limited = sites_of_staff(self.for_user) is not None
        return not is_limited and (len(self.fields["sites"].choices) > 1 or StaffSite.objects.exists())

    def _why_address_is_locked(self):
        if not conf.STAFF_MAY_CHANGE_EMAIL and self.instance.email:
            return _("In this shop e-mail addresses are not changed by staff.")
        if not self.instance.is_registered:
            return ""
        if self._is_address_of_account():
            return self._note_of_account()
        if is_protected(self.instance.user):
            return _("This user account may work in the admin, so its address is not changed here.")
        return ""

    def _note_of_account(self):
        note = gettext(
            "This customer signs in with this address, so a new one has to be confirmed by the customer."
        )
        return self._with_link_to_change(note)

    def _with_link_to_change(self, note):
        if not (self.for_user and self.for_user.has_perm("oscar_customers_ext.manage_account_customer")):
            return note
        url = reverse("oscar_customers:email_change", args=[self.instance.pk])
        return format_html('{} <a href="{}">{}</a>', note, url, gettext("Change e-mail address"))

    def _is_address_of_account(self):
        """Until the account's owner changes it in the shop: then staff may follow here, to that address only."""
        return self._key_of_account() == self.instance.email_key

    def _key_of_account(self):
        user = self.instance.user
        return usable_address(getattr(user, user.get_email_field_name()))[1]

    def _is_stranger_to_account(self, key):
        """Also no address at all: it would be taken from a customer who signs in."""
        if not (self.instance.pk and self.instance.is_registered) or key == self.instance.email_key:
            return False
        return key is None or key != self._key_of_account()

    def _why_only_address_of_account(self):
        sentence = gettext(
            "This customer has a user account. Enter the address of the account here; any other one has to be "
            "confirmed by the customer."
        )
        return self._with_link_to_change(sentence)

    def clean_email(self):
        email = self.cleaned_data["email"]
        key = email_key(email)
        if self._is_stranger_to_account(key):
            raise ValidationError(self._why_only_address_of_account(), code="account")
        namesake = (
            Customer.objects.filter(email_key=key).exclude(pk=self.instance.pk).first() if key else None
        )
        if namesake:
            raise ValidationError(self.taken_by(namesake), code="unique")
        return email

    def taken_by(self, customer):
        url = customer_url(self.for_user, customer)
        if url is None:
            return _("This e-mail address belongs to a customer who is there already.")
        sentence = _('This e-mail address belongs to a customer who is there already: <a href="{}">{}</a>.')
        return format_html(sentence, url, customer)

    def clean(self):
        cleaned = super().clean()
        self._clean_vat_number()
        if self.instance.pk and cleaned.get("version") not in ("", self._version()):
            self._refuse_overwriting()
        return cleaned

    def _clean_vat_number(self):
        """A number that is stored already may be from before it was checked."""
        number, country = self.cleaned_data.get("vat_number"), self.cleaned_data.get("country")
        if not number or not {"vat_number", "country"}.intersection(self.changed_data):
            return
        try:
            self.cleaned_data["vat_number"] = parse_vat_number(
                number, country and country.pk, any_country=False
            )
        except ValidationError as error:
            self.add_error("vat_number", error)

    def _refuse_overwriting(self):
        """Somebody stored the customer since this form was opened; the second try is then a decision."""
        stored = [f"{label}: {old or '–'}" for label, old, _new in describe(self.described_changes())]
        if not stored:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self._version()
        self.add_error(
            None,
            gettext(
                "This customer was changed while you were editing. Stored now is: %(stored)s. Your entries are still "
                "here: save again to keep them, or reload the page to give them up."
            )
            % {"stored": "; ".join(stored)},
        )

    def described_changes(self):
        """What the editor changes of what is stored, for the log: column to old and new value, as texts."""
        logged = {*self.columns, "tags"}
        names = [name for name in self.changed_data if name in logged and name in self.cleaned_data]
        changes = {name: [_text(self.initial.get(name)), _text(self.cleaned_data[name])] for name in names}
        if "sites" in self.changed_data and "sites" in self.cleaned_data:
            lists = (self.initial.get("sites", []), self.cleaned_data["sites"])
            changes["sites"] = [", ".join(site.name for site in sites) for sites in lists]
        return changes

    @property
    def columns(self):
        """The form's fields that are columns of Customer: a site may have added others."""
        return {field.name for field in Customer._meta.concrete_fields} & set(self.fields)

    @transaction.atomic
    def create(self):
        """Raises ValidationError when somebody else created this very customer since the form was checked."""
        customer = create_customer(**{name: self.cleaned_data[name] for name in self.columns})
        # Else those who are limited to sites would not see the customer whom they have just entered.
        customer.sites.add(*self.cleaned_data.get("sites", sites_of_staff(self.for_user) or ()))
        self._save_tags(customer)
        return customer

    def _save_tags(self, customer):
        if "tags" in self.changed_data:
            customer.tags.set(self.cleaned_data["tags"])

    def save(self, commit=True):
        """An existing customer: writes the changed columns only, so that what the checkout stored meanwhile stays."""
        if commit and self.instance.pk:
            changed = self.columns.intersection(self.changed_data)
            if "approved_buyer" in changed:
                self.instance.approval_decided_at = timezone.now()
                changed.add("approval_decided_at")
            self.instance.save(update_fields={*changed, "modified_at"})
            if "sites" in self.changed_data:
                self.instance.sites.set(self.cleaned_data["sites"])
            self._save_tags(self.instance)
            return self.instance
        return super().save(commit)

    class Meta:
        field_classes = {"sites": SitesField}
