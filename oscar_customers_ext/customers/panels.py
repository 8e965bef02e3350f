"""What the customer screen is made of: tabs, and the card beside them."""

from django import forms
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel, PanelGroup
from wagtail.admin.ui.side_panels import BaseSidePanel

from oscar_customers_ext.customers.staff_sites.figures import figures_for


class TabIdMixin:
    """A tab whose id does not depend on the language: Wagtail makes it from the translated heading, once per process."""

    def __init__(self, *args, tab_id="", **kwargs):
        super().__init__(*args, **kwargs)
        self.tab_id = tab_id

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "tab_id": self.tab_id}

    @property
    def clean_name(self):
        return self.tab_id


class FormTab(TabIdMixin, ObjectList):
    pass


class SectionTab(TabIdMixin, PanelGroup):
    """A tab of sections, which is hidden from those who may see none of them."""

    class BoundPanel(PanelGroup.BoundPanel):
        template_name = "oscar_customers_ext/admin/panels/section_tab.html"


class LazyTab(TabIdMixin, Panel):
    """A tab that asks ``url_name`` (with the customer's key) for its content when it is first seen."""

    def __init__(self, *args, url_name="", permission=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.url_name = url_name
        self.permission = permission

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "url_name": self.url_name, "permission": self.permission}

    class BoundPanel(Panel.BoundPanel):
        template_name = "oscar_customers_ext/admin/panels/lazy_tab.html"

        def is_shown(self):
            allowed = self.panel.permission is None or self.request.user.has_perm(self.panel.permission)
            return bool(allowed and self.instance and self.instance.pk)

        @cached_property
        def url(self):
            return reverse(self.panel.url_name, args=[quote(self.instance.pk)])

        @property
        def media(self):
            return forms.Media(js=["oscar_customers_ext/customer_screen.js"])


class Section(LazyTab):
    """A part of a SectionTab, fetched on its own. Its content holds links and no form: the tabs lie within one."""


def details_tab(*more_panels, below_company=()):
    """The customer's own columns, and below them what the features ask of a new customer."""
    return FormTab(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("first_name"), FieldPanel("last_name")]),
                    FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                    FieldRowPanel([FieldPanel("country"), FieldPanel("language")]),
                    FieldPanel("approved_buyer", permission="oscar_customers_ext.approve_customer"),
                ],
                heading=_("Person"),
            ),
            FieldPanel("tags"),
            MultiFieldPanel(
                [
                    FieldPanel("company_name"),
                    FieldRowPanel([FieldPanel("organisation_id"), FieldPanel("vat_number")]),
                ],
                heading=_("Company"),
            ),
            *below_company,
            MultiFieldPanel([FieldPanel("number")], heading=_("In your own books")),
            *more_panels,
            FieldPanel("sites", widget=forms.CheckboxSelectMultiple),
        ],
        heading=_("Details"),
        tab_id="details",
    )


class CustomerCard(BaseSidePanel):
    """Who this is, at one glance, on every tab."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Customer card")
        icon_name = "user"
        has_counter = False

    name = "customer"
    title = _("Customer card")
    template_name = "oscar_customers_ext/admin/panels/customer_card.html"
    order = 50

    def get_context_data(self, parent_context):
        return {
            **super().get_context_data(parent_context),
            "figures": figures_for(self.request.user, self.object),
            "pinned_note": self.object.notes.visible_to(self.request.user).pinned().first(),
        }
