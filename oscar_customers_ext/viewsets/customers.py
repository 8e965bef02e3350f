from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import TabbedInterface
from wagtail.admin.viewsets.model import ModelViewSet

from oscar_customers_ext.accounts.forms import NewAccountFormMixin
from oscar_customers_ext.accounts.panels import new_account_panel
from oscar_customers_ext.activity.views import HistoryView
from oscar_customers_ext.compat import policy_for
from oscar_customers_ext.coupons.bulk import PERMISSIONS as COUPON_PERMISSIONS
from oscar_customers_ext.coupons.views import SHORTCUTS as COUPON_SHORTCUTS
from oscar_customers_ext.customers import views as customers
from oscar_customers_ext.customers.filters import CustomerFilterSet
from oscar_customers_ext.customers.forms import CustomerForm
from oscar_customers_ext.customers.marketing.filters import NewsletterFilterMixin
from oscar_customers_ext.customers.marketing.forms import NewsletterFormMixin
from oscar_customers_ext.customers.marketing.panels import newsletter_panel
from oscar_customers_ext.customers.models import Customer
from oscar_customers_ext.customers.panels import LazyTab, details_tab
from oscar_customers_ext.customers.tags.filters import TagFilter
from oscar_customers_ext.groups.filters import GroupFilter
from oscar_customers_ext.lifecycle import views as lifecycle
from oscar_customers_ext.memberships.bulk import PERMISSIONS as MEMBERSHIP_PERMISSIONS
from oscar_customers_ext.memberships.filters import MembershipFilters
from oscar_customers_ext.tax.filters import TaxExemptionFilters
from oscar_customers_ext.tax.vat.panels import VatNumberPanel

from .columns import LIST_COLUMNS
from .files import FILE_LINKS
from .routes import FEATURE_URLS
from .tabs import account_tab, addresses_tab, benefits_tab, marketing_tab, notes_tab, orders_tab


class NewCustomerForm(NewAccountFormMixin, NewsletterFormMixin, CustomerForm):
    """The form of a new customer, with what the features add to it."""


class CustomerFilters(TaxExemptionFilters, MembershipFilters, NewsletterFilterMixin, CustomerFilterSet):
    """The filters of the list, with those of the features."""

    group = GroupFilter()
    tag = TagFilter()


class CustomerViewSet(ModelViewSet):
    model = Customer
    name = "oscar_customers"
    url_prefix = "customers"
    icon = "user"
    menu_label = _("Customers")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_template_name = "oscar_customers_ext/admin/customers/index.html"
    index_results_template_name = "oscar_customers_ext/admin/customers/index_results.html"
    inspect_template_name = "oscar_customers_ext/admin/customers/overview.html"
    list_per_page = 20
    filterset_class = CustomerFilters
    index_view_class = customers.CustomerListView
    add_view_class = customers.CreateCustomerView
    edit_view_class = customers.EditCustomerView
    inspect_view_class = customers.CustomerOverview
    delete_view_class = lifecycle.DeleteView
    history_view_class = HistoryView

    #: The form of the Details tab; a site subclasses it to add fields of its own.
    base_form_class = CustomerForm

    #: The form of a new customer, which has what other tabs hold later.
    create_form_class = NewCustomerForm

    #: What the features add to the menus of one customer.
    shortcuts = COUPON_SHORTCUTS

    #: All columns that can be chosen for the list: ListColumn objects.
    list_columns = LIST_COLUMNS

    #: What the list shows to those who have chosen nothing: keys of ``list_columns``, names of attributes, or Column or
    #: ListColumn objects, which can then be chosen, too. The first one links to the customer and cannot be taken away.
    list_display = ["name", "email", "kind", "tags", "newsletter", "orders_count", "created_at"]

    @property
    def permission_policy(self):
        # Wagtail 7.4 gives each viewset one of its own.
        return policy_for(self.model)

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            list_columns=self.list_columns,
            bulk_permissions=[*MEMBERSHIP_PERMISSIONS, *COUPON_PERMISSIONS],
            shortcuts=self.shortcuts,
            columns_url_name=self.get_url_name("columns"),
            save_view_url_name=self.get_url_name("save_view"),
            views_url_name=self.get_url_name("views"),
            file_links=FILE_LINKS,
            **kwargs,
        )

    def get_tabs(self):
        """The tabs of the edit screen; a site adds its own."""
        registry = VatNumberPanel(
            heading=_("Registry of VAT numbers"), url_name="oscar_customers:vat_numbers"
        )
        return [
            details_tab(below_company=[registry]),
            addresses_tab(),
            account_tab(),
            orders_tab(),
            benefits_tab(),
            marketing_tab(),
            notes_tab(),
            LazyTab(heading=_("Activity"), tab_id="activity", url_name="oscar_customers:activity"),
        ]

    def get_create_tabs(self):
        """What is asked of a new customer; the rest is entered on the tabs afterwards."""
        return [details_tab(newsletter_panel(), new_account_panel())]

    @cached_property
    def _create_handler(self):
        tabs = TabbedInterface(self.get_create_tabs(), base_form_class=self.create_form_class)
        return tabs.bind_to_model(self.model)

    def get_add_view_kwargs(self, **kwargs):
        handler = self._create_handler
        return super().get_add_view_kwargs(panel=handler, form_class=handler.get_form_class(), **kwargs)

    def get_edit_handler(self):
        tabs = TabbedInterface(self.get_tabs(), base_form_class=self.base_form_class)
        return tabs.bind_to_model(self.model)

    def get_inspect_view_kwargs(self, **kwargs):
        return super().get_inspect_view_kwargs(panel=self._edit_handler, shortcuts=self.shortcuts, **kwargs)

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(shortcuts=self.shortcuts, **kwargs)

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            usage_url_name=None,
            listing=self.make_list_view,
            archive_url_name=self.get_url_name("archive"),
            restore_url_name=self.get_url_name("restore"),
            **kwargs,
        )

    def get_delete_view_kwargs(self, **kwargs):
        return kwargs

    def get_urlpatterns(self):
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name != "usage"),
            *(
                path(route, self._construct_feature_view(view), name=name)
                for route, view, name in FEATURE_URLS
            ),
        ]

    def _construct_feature_view(self, view):
        icon = getattr(view, "header_icon", "")
        # Else the viewset's own icon would stand on all of them.
        return self.construct_view(view, **({"header_icon": icon} if icon else {}))

    def make_list_view(self):
        """The list's view as an object, for bulk actions that work on all that it finds."""
        view = self.index_view
        return view.view_class(**view.view_initkwargs)
