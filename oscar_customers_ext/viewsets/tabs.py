"""The tabs of the customer screen, and which sections of the features stand on each."""

from django.utils.translation import gettext_lazy as _

from oscar_customers_ext.accounts.forms import PERMISSION as MANAGE_ACCOUNT
from oscar_customers_ext.customers.panels import Section, SectionTab
from oscar_customers_ext.memberships.views import RolesPanel


def addresses_tab():
    return SectionTab(
        [Section(heading=_("Addresses"), url_name="oscar_customers:addresses")],
        heading=_("Addresses"),
        tab_id="addresses",
    )


def account_tab():
    return SectionTab(
        [
            Section(heading=_("User account"), url_name="oscar_customers:account", permission=MANAGE_ACCOUNT),
            Section(heading=_("E-mail address"), url_name="oscar_customers:email", permission=MANAGE_ACCOUNT),
            Section(heading=_("Approved buyer"), url_name="oscar_customers:approval"),
            RolesPanel(
                heading=_("Roles"),
                url_name="oscar_customers:roles",
                permission="oscar_customers_ext.assign_role_customer",
            ),
        ],
        heading=_("Account and roles"),
        tab_id="account",
    )


def orders_tab():
    return SectionTab(
        [
            Section(
                heading=_("Orders"),
                url_name="oscar_customers_orders:of_customer",
                permission="order.view_order",
            ),
            Section(heading=_("Carts"), url_name="oscar_customers:carts", permission="basket.view_basket"),
            Section(
                heading=_("Bookings"), url_name="oscar_customers:bookings", permission="order.view_order"
            ),
        ],
        heading=_("Orders"),
        tab_id="orders",
    )


def benefits_tab():
    return SectionTab(
        [
            Section(heading=_("Groups"), url_name="oscar_customers:groups"),
            Section(
                heading=_("Memberships"),
                url_name="oscar_customers:memberships",
                permission="oscar_customers_ext.view_membership",
            ),
            Section(
                heading=_("Tax"),
                url_name="oscar_customers:tax",
                permission="oscar_customers_ext.view_taxexemption",
            ),
            Section(
                heading=_("Coupons"),
                url_name="oscar_customers:coupons",
                permission="oscar_customers_ext.view_customervoucher",
            ),
            Section(heading=_("Why this price"), url_name="oscar_customers:prices"),
        ],
        heading=_("Benefits"),
        tab_id="benefits",
    )


def marketing_tab():
    return SectionTab(
        [Section(heading=_("Newsletter"), url_name="oscar_customers:marketing")],
        heading=_("Marketing"),
        tab_id="marketing",
    )


def notes_tab():
    return SectionTab(
        [
            Section(
                heading=_("Notes"),
                url_name="oscar_customers:notes",
                permission="oscar_customers_ext.view_customernote",
            ),
        ],
        heading=_("Notes"),
        tab_id="notes",
    )
