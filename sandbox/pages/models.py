from django.db import models
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.blocks import RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from oscar_customers_ext.content.blocks import OnlyForBlock
from oscar_customers_ext.panels import CustomersPanel

#: The slug of the Oscar range (dashboard: Catalogue, Ranges) whose products stand on the home page.
FEATURED_RANGE = "featured"


class HomePage(Page):
    heading = models.CharField(
        _("heading"), max_length=120, blank=True, help_text=_("Left empty: the shop's own welcome.")
    )
    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(
        [("text", RichTextBlock(label=_("Text"))), ("only_for", OnlyForBlock())],
        verbose_name=_("further content"),
        blank=True,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    max_count = 1
    subpage_types = ["pages.EventPage", "pages.MembersPage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["featured_products"] = self.featured_products()
        context["categories"] = get_model("catalogue", "Category").get_root_nodes().filter(is_public=True)
        context["members_pages"] = MembersPage.objects.live().child_of(self)
        context["events"] = EventPage.objects.live().child_of(self).order_by("starts_at")
        return context

    def featured_products(self):
        products = get_model("catalogue", "Product").objects.browsable().base_queryset()
        return products.filter(rangeproduct__range__slug=FEATURED_RANGE).order_by(
            "rangeproduct__display_order"
        )


class EventPage(Page):
    starts_at = models.DateTimeField(_("starts at"))
    place = models.CharField(_("place"), max_length=120)
    introduction = models.TextField(_("introduction"), blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("starts_at"),
        FieldPanel("place"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            CustomersPanel(source="event:{page.slug}"),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ]
    )
    parent_page_types = ["pages.HomePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("event page")
        verbose_name_plural = _("event pages")

    def serve(self, request, *args, **kwargs):
        # Imported late: a form that talks to other apps must not be loaded while models are.
        from pages.forms import SignUpForm

        form = SignUpForm(request.POST or None, event=self)
        if request.method == "POST" and form.is_valid() and form.sign_up(request):
            return redirect(self.get_url(request))
        context = self.get_context(request, *args, **kwargs)
        return render(request, self.get_template(request), {**context, "form": form})


class MembersPage(Page):
    """A page to be made private to the members of a plan, in its privacy settings."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = RichTextField(_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("members' page")
        verbose_name_plural = _("members' pages")
