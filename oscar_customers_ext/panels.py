"""For the pages of a site: ``from oscar_customers_ext.panels import CustomersPanel``.

A site imports this while its models are loaded, so no model is imported here.
"""

from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from .compat import policy_for
from .policies import READ


class CustomersPanel(Panel):
    """The customers who were met at one source, in the editor of the page that stands for it.

    ``source`` is what the site gives to ``touch_customer()``: a text like "event:{page.slug}", or a function of the
    page. The panel is a tab of its own within a TabbedInterface, else a part of a tab. Who may not see customers does
    not see it, and the list is read when it is first looked at.
    """

    def __init__(self, source="", heading="", **kwargs):
        super().__init__(heading=heading or _("Customers"), **kwargs)
        self.source = source

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "source": self.source}

    def source_of(self, page):
        return self.source(page) if callable(self.source) else self.source.format(page=page)

    @property
    def clean_name(self):
        # Wagtail makes the id of the tab from it; its own is the translated heading, once per process.
        return "customers"

    class BoundPanel(Panel.BoundPanel):
        template_name = "oscar_customers_ext/admin/panels/lazy_tab.html"

        def is_shown(self):
            policy = policy_for(apps.get_model("oscar_customers_ext", "Customer"))
            is_stored = self.instance is not None and self.instance.pk is not None
            return is_stored and policy.user_has_any_permission(self.request.user, READ)

        @cached_property
        def url(self):
            query = urlencode({"source": self.panel.source_of(self.instance)})
            return f"{reverse('oscar_customers:from_source')}?{query}"

        @property
        def media(self):
            return forms.Media(js=["oscar_customers_ext/customer_screen.js"])
