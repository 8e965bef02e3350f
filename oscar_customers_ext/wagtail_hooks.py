from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from oscar_customers_ext import audit
from oscar_customers_ext.accounts.audit import ACTIONS as ACCOUNT_ACTIONS
from oscar_customers_ext.accounts.email_changes.audit import ACTIONS as EMAIL_CHANGE_ACTIONS
from oscar_customers_ext.approval.audit import ACTIONS as APPROVAL_ACTIONS
from oscar_customers_ext.content.audit import ACTIONS as CONTENT_ACTIONS
from oscar_customers_ext.coupons.audit import ACTIONS as COUPON_ACTIONS
from oscar_customers_ext.customers.addresses.audit import ACTIONS as ADDRESS_ACTIONS
from oscar_customers_ext.customers.marketing.audit import ACTIONS as MARKETING_ACTIONS
from oscar_customers_ext.customers.notes.audit import ACTIONS as NOTE_ACTIONS
from oscar_customers_ext.customers.staff_sites.forms import StaffSitesForm
from oscar_customers_ext.customers.staff_sites.reports import hide_report
from oscar_customers_ext.customers.tags.audit import ACTIONS as TAG_ACTIONS
from oscar_customers_ext.groups.audit import ACTIONS as GROUP_ACTIONS
from oscar_customers_ext.groups.offers.audit import ACTIONS as GROUP_OFFER_ACTIONS
from oscar_customers_ext.home import CustomersSearchArea, CustomersSummaryItem, UnlinkedOrdersNotice
from oscar_customers_ext.memberships import gates
from oscar_customers_ext.memberships.audit import ACTIONS as MEMBERSHIP_ACTIONS
from oscar_customers_ext.tax.audit import ACTIONS as TAX_ACTIONS
from oscar_customers_ext.tax.vat.audit import ACTIONS as VAT_ACTIONS
from oscar_customers_ext.transfers.exports.audit import ACTIONS as EXPORT_ACTIONS
from oscar_customers_ext.transfers.exports.settings_page import register_settings_page
from oscar_customers_ext.transfers.imports.audit import ACTIONS as IMPORT_ACTIONS
from oscar_customers_ext.viewsets import CustomersGroup

#: The tables of the features, one per line.
LOG_ACTIONS = [
    audit.ACTIONS,
    ACCOUNT_ACTIONS,
    ADDRESS_ACTIONS,
    APPROVAL_ACTIONS,
    COUPON_ACTIONS,
    CONTENT_ACTIONS,
    EMAIL_CHANGE_ACTIONS,
    EXPORT_ACTIONS,
    GROUP_ACTIONS,
    GROUP_OFFER_ACTIONS,
    IMPORT_ACTIONS,
    MARKETING_ACTIONS,
    MEMBERSHIP_ACTIONS,
    NOTE_ACTIONS,
    TAG_ACTIONS,
    VAT_ACTIONS,
    TAX_ACTIONS,
]

group = CustomersGroup()
register_settings_page()

for action in group.bulk_actions():
    hooks.register("register_bulk_action", action)


hooks.register("on_serve_page", gates.watch_page, order=gates.BEFORE)
hooks.register("on_serve_page", gates.reach_page, order=gates.AFTER)
hooks.register("before_serve_document", gates.watch_document, order=gates.BEFORE)
hooks.register("before_serve_document", gates.reach_document, order=gates.AFTER)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return group


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for table in LOG_ACTIONS:
        audit.register(actions, table)


@hooks.register("register_admin_search_area")
def register_search_area():
    return CustomersSearchArea()


@hooks.register("construct_homepage_summary_items")
def count_customers(request, items):
    items.append(CustomersSummaryItem(request))


@hooks.register("register_permissions")
def register_order_permission():
    """Oscar's own permission, so that it can be given to a group in the Wagtail admin."""
    return Permission.objects.filter(content_type__app_label="order", codename="view_order")


@hooks.register("register_group_permission_panel")
def register_sites_of_staff():
    return StaffSitesForm


@hooks.register("register_permissions")
def register_permission_for_carts():
    return Permission.objects.filter(content_type__app_label="basket", codename="view_basket")


@hooks.register("register_permissions")
def register_permissions_for_offers():
    """Oscar's own, for the discounts of groups."""
    return Permission.objects.filter(content_type__app_label="offer", content_type__model="conditionaloffer")


@hooks.register("register_permissions")
def register_permissions_of_tabs():
    """Those of what has no list of its own in the menu, which would register them."""
    ours = Permission.objects.filter(content_type__app_label="oscar_customers_ext")
    models = ["customernote", "customervoucher", "membership", "taxexemption"]
    of_tabs = ours.filter(content_type__model__in=models)
    return of_tabs | ours.filter(codename="share_savedview")


@hooks.register("construct_reports_menu")
def hide_site_history(request, items):
    items[:] = hide_report(request.user, items)


@hooks.register("construct_homepage_panels")
def add_notice(request, panels):
    panels.append(UnlinkedOrdersNotice())


@hooks.register("insert_global_admin_css")
def add_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("oscar_customers_ext/admin.css"))
