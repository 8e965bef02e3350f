from django import forms
from django.contrib.sites.models import Site
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.customers.keys import KeysChoiceField

from .models import StaffSite


def site_label(site):
    """The name that the shop shows, and not the domain alone."""
    return f"{site.name} ({site.domain})" if site.name and site.name != site.domain else site.domain


class SitesField(KeysChoiceField):
    def label_from_instance(self, site):
        return site_label(site)


class StaffSitesForm(forms.Form):
    """The panel in Wagtail's form of a group: who may change groups, decides here whom it limits."""

    template_name = "oscar_customers_ext/admin/staff_sites/panel.html"

    sites = SitesField(
        queryset=Site.objects.order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Limited to these sites"),
        help_text=_(
            "Who is in this group sees and changes only customers and orders of the sites ticked here; who is in "
            "several such groups, those of all of them. Nothing ticked: this group limits nobody. Superusers are never "
            "limited."
        ),
        error_messages={"invalid_choice": _("One of these sites is no longer there. Choose again.")},
    )

    def __init__(self, *args, instance, **kwargs):
        self.instance = instance
        kwargs.setdefault("prefix", "customers_of_sites")
        if instance is not None and instance.pk is not None:
            kwargs["initial"] = {"sites": list(instance.customer_sites.values_list("site", flat=True))}
        super().__init__(*args, **kwargs)

    def as_admin_panel(self):
        return render_to_string(self.template_name, {"form": self})

    def save(self):
        wanted = set(self.cleaned_data["sites"])
        limits = StaffSite.objects.filter(group=self.instance)
        limits.exclude(site__in=wanted).delete()
        for site in wanted:
            limits.get_or_create(group=self.instance, site=site)
