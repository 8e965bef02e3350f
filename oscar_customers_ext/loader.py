"""All that is laid over Oscar's own classes, at one glance.

``OSCAR_DYNAMIC_CLASS_LOADER = "oscar_customers_ext.loader.class_loader"`` makes Oscar ask here for every class
that a site may override. The site's own class (or the one that its own loader finds, see the setting
OSCAR_CUSTOMERS_CLASS_LOADER) stays in force below ours. This module, and each module named in ``MIXINS``,
imports no model at the top: Oscar asks while the apps are still loading.
"""

from functools import cache

from django.utils.module_loading import import_string

from .conf import conf

ACCOUNTS = "oscar_customers_ext.accounts"
APPROVAL = "oscar_customers_ext.approval.checkout"
COUPONS = "oscar_customers_ext.coupons.checkout"
GROUP_OFFERS = "oscar_customers_ext.groups.offers"
VAT = "oscar_customers_ext.tax.vat.checkout"
TAX = "oscar_customers_ext.tax"
ADDRESSES = "oscar_customers_ext.customers.addresses.storefront"

#: (module label, class name) as in Oscar's ``get_class`` -> dotted paths of the mixins, the topmost first.
MIXINS: dict[tuple[str, str], tuple[str, ...]] = {
    ("address.forms", "UserAddressForm"): (f"{ADDRESSES}.CompanyNameMixin",),
    ("customer.views", "AddressChangeStatusView"): (f"{ADDRESSES}.DefaultAddressMixin",),
    ("customer.views", "AddressListView"): (f"{ADDRESSES}.AddressListMixin",),
    ("customer.views", "ProfileDeleteView"): (f"{ADDRESSES}.ProfileDeleteMixin",),
    ("checkout.applicator", "SurchargeApplicator"): (f"{TAX}.surcharges.SurchargeApplicatorMixin",),
    ("checkout.calculators", "OrderTotalCalculator"): (f"{TAX}.surcharges.OrderTotalCalculatorMixin",),
    ("checkout.forms", "GatewayForm"): (
        f"{APPROVAL}.ApprovalGatewayFormMixin",
        f"{ACCOUNTS}.sign_in.GatewayFormMixin",
    ),
    ("basket.views", "BasketView"): (f"{COUPONS}.CouponBasketViewMixin",),
    ("basket.views", "VoucherAddView"): (f"{COUPONS}.CouponVoucherAddMixin",),
    ("checkout.forms", "ShippingAddressForm"): (f"{VAT}.CompanyAddressFormMixin",),
    ("checkout.mixins", "OrderPlacementMixin"): (f"{APPROVAL}.ApprovalPlacementMixin",),
    ("checkout.session", "CheckoutSessionMixin"): (
        f"{APPROVAL}.ApprovalSessionMixin",
        f"{COUPONS}.CouponSessionMixin",
        f"{VAT}.CompanySessionMixin",
    ),
    ("checkout.views", "IndexView"): (f"{COUPONS}.CouponGatewayMixin",),
    ("checkout.views", "ShippingAddressView"): (f"{VAT}.CompanyAddressViewMixin",),
    ("customer.forms", "EmailAuthenticationForm"): (f"{ACCOUNTS}.sign_in.SignInFormMixin",),
    ("customer.forms", "PasswordResetForm"): (f"{ACCOUNTS}.forgotten_password.PasswordResetFormMixin",),
    ("customer.utils", "CustomerDispatcher"): (f"{ACCOUNTS}.reset_links.CustomerDispatcherMixin",),
    ("communication.utils", "Dispatcher"): (f"{ACCOUNTS}.reset_links.DispatcherMixin",),
    ("order.utils", "OrderCreator"): (f"{COUPONS}.CouponOrderMixin", f"{TAX}.placing.OrderCreatorMixin"),
    ("order.utils", "OrderDispatcher"): (f"{TAX}.mails.OrderDispatcherMixin",),
    ("partner.strategy", "Selector"): (f"{TAX}.strategy.SelectorMixin",),
    ("shipping.repository", "Repository"): (f"{TAX}.shipping.RepositoryMixin",),
    ("customer.views", "OrderHistoryView"): (f"{ACCOUNTS}.own_orders.OrderHistoryViewMixin",),
    ("customer.views", "OrderDetailView"): (f"{ACCOUNTS}.own_orders.OrderDetailViewMixin",),
    ("customer.views", "OrderLineView"): (f"{ACCOUNTS}.own_orders.OrderLineViewMixin",),
    ("offer.applicator", "Applicator"): (
        f"{COUPONS}.CouponApplicatorMixin",
        f"{GROUP_OFFERS}.applicator.GroupOffersMixin",
    ),
    ("offer.views", "OfferDetailView"): (
        "oscar_customers_ext.coupons.storefront.CouponOfferDetailMixin",
        f"{GROUP_OFFERS}.storefront.OfferDetailMixin",
    ),
}


@cache
def compose(base: type, mixin_paths: tuple[str, ...]) -> type:
    """``base`` with those mixins on top that it lacks: the same class object each time, ``base`` itself if it has all."""
    mixins = tuple(mixin for mixin in map(import_string, mixin_paths) if not issubclass(base, mixin))
    if not mixins:
        return base
    return type(base.__name__, (*mixins, base), {"__module__": base.__module__, "__doc__": base.__doc__})


def class_loader(module_label: str, classnames: list[str], module_prefix: str) -> list[type | None]:
    """The classes that Oscar asks for, ours composed over the site's. Same contract as Oscar's ``default_class_loader``."""
    found = import_string(conf.CLASS_LOADER)(module_label, classnames, module_prefix)
    return [
        compose(base, MIXINS[module_label, name]) if base and (module_label, name) in MIXINS else base
        for name, base in zip(classnames, found, strict=True)
    ]
