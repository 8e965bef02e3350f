"""Blocks for StreamFields whose content is for some visitors only.

Migrations of sites name the classes in here: neither they nor what their constructors take may change.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from oscar_customers_ext.groups.models import CustomerGroup
from oscar_customers_ext.memberships.models import MembershipPlan

from .audiences import Audience, State, is_shown

PARTS = "only_for_parts"


class KeysBlock(blocks.FieldBlock):
    """Some rows of ``model``, kept as primary keys.

    A key means the same after its group was renamed, and is never given to another one: what is kept for a group that
    was deleted fits nobody.
    """

    model = None

    def __init__(self, required=False, help_text=None, **kwargs):
        self.field = forms.TypedMultipleChoiceField(
            choices=self.get_choices,
            coerce=int,
            required=required,
            help_text=help_text,
            widget=forms.CheckboxSelectMultiple,
        )
        super().__init__(**kwargs)

    def get_choices(self):
        return [(row.pk, str(row)) for row in self.model.objects.order_by("name")]

    def to_python(self, value):
        """What is no key is left out, whatever the JSON holds."""
        keys = value if isinstance(value, list | tuple) else []
        return [key for key in keys if isinstance(key, int) and not isinstance(key, bool)]

    def normalize(self, value):
        return self.to_python(value)

    def get_prep_value(self, value):
        return self.to_python(value)

    def extract_references(self, value):
        for key in value or []:
            yield self.model, str(key), "", ""

    class Meta:
        icon = "group"
        default = []


class CustomerGroupsBlock(KeysBlock):
    model = CustomerGroup

    class Meta:
        label = gettext_lazy("Customer groups")


class MembershipPlansBlock(KeysBlock):
    model = MembershipPlan

    class Meta:
        label = gettext_lazy("Membership plans")


class StateBlock(blocks.ChoiceBlock):
    choices = State.choices

    def deconstruct(self):
        # Wagtail's own would freeze the choices, and each new wording would be a migration of every site.
        return ("oscar_customers_ext.content.blocks.StateBlock", [], {})

    def get_searchable_content(self, value):
        return []

    class Meta:
        icon = "user"
        label = gettext_lazy("Shown to")


class OnlyForValue(blocks.StructValue):
    """Written into a page as it is, it shows what everybody else sees, and not all that it holds."""

    def __str__(self):
        return self.block.render(self)


class OnlyForBlock(blocks.StructBlock):
    """What some visitors see, and what everybody else does.

    ``OnlyForBlock([("content", MyBlocks()), ("otherwise", MyBlocks(required=False))])`` takes a site's own blocks, as
    a subclass does. Without a request in the context it shows what everybody else sees. Nothing of it gets into search
    indexes, where a search would tell of it.
    """

    audience = StateBlock()
    groups = CustomerGroupsBlock()
    plans = MembershipPlansBlock()
    content = blocks.RichTextBlock(label=gettext_lazy("What they see"))
    otherwise = blocks.RichTextBlock(label=gettext_lazy("What everybody else sees"), required=False)

    #: Gets what is seen as ``shown``. ``value`` holds everything: a template must not show that.
    template_name = "oscar_customers_ext/content/only_for.html"
    #: What editors see in the preview of a page: both, each with a line that says whose it is.
    preview_template_name = "oscar_customers_ext/content/only_for_preview.html"

    class Meta:
        icon = "group"
        label = gettext_lazy("Only for some customers")
        value_class = OnlyForValue

    def clean(self, value):
        cleaned = super().clean(value)
        # A draft may be unfinished; until it is finished, it is shown to nobody.
        if self.is_deferred_validation:
            return cleaned
        if cleaned["audience"] == State.MEMBERS and not (cleaned["groups"] or cleaned["plans"]):
            error = ValidationError(_("Choose at least one group or plan."), code="required")
            raise blocks.StructBlockValidationError({"groups": error})
        return cleaned

    def get_template(self, value=None, context=None):
        if context and context.get(PARTS):
            return self.preview_template_name
        return super().get_template(value, context=context) or self.template_name

    def render(self, value, context=None):
        context = {**(context or {}), PARTS: []}
        request = context.get("request")
        if is_editors_preview(request):
            context[PARTS] = self.get_parts(value)
        else:
            name = self.part_for(request, value)
            if not name:
                return ""
            context["shown"] = value.bound_blocks[name]
        return super().render(value, context)

    def part_for(self, request, value):
        """The name of the part that whoever sends the request sees; empty for none."""
        audience = Audience(
            value.get("audience"), frozenset(value.get("groups") or []), frozenset(value.get("plans") or [])
        )
        name = "content" if is_shown(request, audience) else "otherwise"
        return name if value.get(name) else ""

    def get_parts(self, value):
        """Pairs of a line for editors and what it is about."""
        parts = [(_("Shown only to: %(audience)s") % {"audience": self.describe(value)}, "content")]
        parts.append((_("Shown to everybody else"), "otherwise"))
        return [(line, value.bound_blocks[name]) for line, name in parts if value.get(name)]

    def describe(self, value):
        """The audience in words, with the names as they are now."""
        if value.get("audience") != State.MEMBERS:
            return dict(State.choices).get(value.get("audience"), _("nobody"))
        names = []
        for name in ("groups", "plans"):
            keys = value.get(name) or []
            found = self.child_blocks[name].model.objects.filter(pk__in=keys).order_by("name")
            names += [str(row) for row in found]
        return ", ".join(names) or _("nobody")

    def get_api_representation(self, value, context=None):
        """Only what whoever asks may see."""
        name = self.part_for((context or {}).get("request"), value)
        shown = name and self.child_blocks[name].get_api_representation(value[name], context=context)
        return {"content": shown or None}

    def get_searchable_content(self, value):
        return []


def is_editors_preview(request):
    """Whether an editor looks at a page that may not be published: no visitor ever does."""
    if not getattr(request, "is_preview", False):
        return False
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.has_perm("wagtailadmin.access_admin")
