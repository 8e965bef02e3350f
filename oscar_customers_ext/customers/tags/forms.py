from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.tags import TagField
from wagtail.admin.widgets import AdminTagWidget

from .models import CustomerTag
from .spelling import tag_key, tag_name


class CustomerTagWidget(AdminTagWidget):
    """Wagtail's, completed by names that staff of customers alone may see."""

    def __init__(self, **options):
        super().__init__(tag_model=CustomerTag, **options)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-w-tag-url-value"] = reverse("oscar_customers_tags:complete")
        return context


class CustomerTagField(TagField):
    """Cleans to names, each tag once, spelt as they are stored. ``only_existing``: new ones are refused."""

    def __init__(self, *, only_existing=False, **options):
        self.only_existing = only_existing
        super().__init__(widget=CustomerTagWidget(free_tagging=not only_existing), **options)
        self.free_tagging = True  # Wagtail drops unknown names in silence otherwise.

    def clean(self, value):
        names, errors = {}, []
        # TagField's own clean has no sentence but for the length.
        for text in super(TagField, self).clean(value):
            try:
                name = tag_name(text)
                names.setdefault(tag_key(name), name)
            except ValidationError as error:
                errors.extend(error.error_list)
        stored = dict(CustomerTag.objects.filter(key__in=names).values_list("key", "name")) if names else {}
        if self.only_existing:
            errors += [
                ValidationError(_("There is no tag “%(name)s”."), code="unknown", params={"name": name})
                for key, name in names.items()
                if key not in stored
            ]
        if errors:
            raise ValidationError(errors)
        return [stored.get(key, name) for key, name in names.items()]

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            names = self.clean(data)
        except ValidationError:
            return True
        return {tag_key(str(tag)) for tag in initial or []} != {tag_key(name) for name in names}


class TagsForm(forms.Form):
    """For many customers at once."""

    tags = CustomerTagField(label=_("Tags"), help_text=_("Separate several with commas."))


class ExistingTagsForm(forms.Form):
    tags = CustomerTagField(label=_("Tags"), help_text=_("Separate several with commas."), only_existing=True)


def _quoted(name):
    return f'"{name}"' if " " in name else name


def merge_url(*names, into=None):
    """The page on which these tags are merged; with ``into`` it only asks whether to do so."""
    query = {"tags": ", ".join(map(_quoted, names))} if names else {}
    if into is not None:
        query["into"] = _quoted(into)
    address = reverse("oscar_customers_tags:merge")
    return f"{address}?{urlencode(query)}" if query else address


class TagForm(WagtailAdminModelForm):
    """Name of a tag; another spelling of a tag that is there leads to merging the two."""

    def clean_name(self):
        name = tag_name(self.cleaned_data["name"])
        namesake = CustomerTag.objects.of_names([name]).exclude(pk=self.instance.pk).first()
        if namesake and self.instance.pk:
            raise ValidationError(
                format_html(
                    gettext(
                        'There is a tag “{}” already. <a href="{}">Merge the two</a>, or choose another name.'
                    ),
                    namesake,
                    merge_url(CustomerTag.objects.get(pk=self.instance.pk).name, into=namesake.name),
                ),
                code="unique",
            )
        if namesake:
            raise ValidationError(
                _("There is a tag “%(name)s” already."), code="unique", params={"name": namesake}
            )
        return name


class MergeTagsForm(forms.Form):
    """Cleans to the tags themselves; ``into`` is not among ``tags``."""

    tags = CustomerTagField(label=_("Tags"), help_text=_("They will be gone."), only_existing=True)
    into = CustomerTagField(label=_("Merge into"), help_text=_("One tag, which stays."), only_existing=True)

    def clean(self):
        cleaned = super().clean()
        if "tags" not in cleaned or "into" not in cleaned:
            return cleaned
        into = list(CustomerTag.objects.of_names(cleaned["into"]))
        if len(into) != 1:
            self.add_error("into", _("Name one tag only."))
            return cleaned
        others = CustomerTag.objects.of_names(cleaned["tags"]).exclude(pk=into[0].pk)
        if not others:
            self.add_error("tags", _("Name a tag that is not the one which stays."))
        return {"tags": list(others), "into": into[0]}
