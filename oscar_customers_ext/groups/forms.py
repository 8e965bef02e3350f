from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.slug import SlugInput

from oscar_customers_ext.customers.keys import KeysChoiceField

from .models import CustomerGroup

SLUG_LENGTH = CustomerGroup._meta.get_field("slug").max_length


class ColourInput(forms.MultiWidget):
    """The browser's own choice of colours, which knows no empty value, and a box for it."""

    template_name = "oscar_customers_ext/admin/groups/colour_input.html"
    START = "#1f7e9a"

    def __init__(self, attrs=None):
        colour = forms.TextInput(attrs={"data-action": "input->customers-colour#choose"})
        colour.input_type = "color"
        none = forms.CheckboxInput(attrs={"data-customers-colour-target": "none"})
        super().__init__({"": colour, "none": none}, attrs)

    def decompress(self, value):
        return [value or self.START, not value]

    def value_from_datadict(self, data, files, name):
        colour, none = super().value_from_datadict(data, files, name)
        return "" if none else (colour or "").strip().lower()

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_none" not in data

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_

    class Media:
        js = ["oscar_customers_ext/colour_input.js"]


class GroupForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Filled from the name by the browser as it is typed; here for those who leave it empty.
        self.fields["slug"].required = False

    def clean(self):
        cleaned = super().clean()
        if "name" in cleaned and "slug" in cleaned and not cleaned["slug"]:
            cleaned["slug"] = self._free_slug(cleaned["name"])
        return cleaned

    def _free_slug(self, name):
        wanted = slugify(name).lstrip("-_0123456789")[: SLUG_LENGTH - 4].rstrip("-_") or "group"
        taken = CustomerGroup.objects.filter(slug__startswith=wanted).exclude(pk=self.instance.pk)
        taken = set(taken.values_list("slug", flat=True))
        slugs = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in slugs if slug not in taken)

    class Meta:
        widgets = {
            # Slugs of groups are ASCII whatever the site allows its pages.
            "slug": SlugInput(attrs={"data-w-slug-allow-unicode-value": "false"}),
            "description": AdminAutoHeightTextInput(attrs={"rows": 2}),
            "colour": ColourInput(),
        }


class GroupChoiceField(KeysChoiceField):
    def __init__(self, **options):
        super().__init__(
            CustomerGroup.objects.all(), label=_("Groups"), widget=forms.CheckboxSelectMultiple, **options
        )


class GroupsForm(forms.Form):
    """For many customers at once."""

    groups = GroupChoiceField(error_messages={"required": _("Choose at least one group.")})


class GroupsOfCustomerForm(forms.Form):
    groups = GroupChoiceField(
        required=False, help_text=_("Groups that a membership grants come and go with it.")
    )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Number, name or e-mail address"), required=False, max_length=200, strip=True)
