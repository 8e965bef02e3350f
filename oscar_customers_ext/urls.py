"""Pages of the shop for buyers. A site mounts them beside Oscar's:

``path("shop/customer/", include("oscar_customers_ext.urls"))``
"""

from typing import Any

from django.urls import path

from .accounts.email_changes import pages as email_changes
from .accounts.proof_page import ProofLink, ProveAddressView, SignOutView
from .content.stylesheets import show_stylesheet
from .coupons.account import CouponsView
from .memberships.account import MembershipsView
from .tax.vat.pages import CheckoutCompanyPage, CompanyPage

app_name = "oscar_customers_shop"

urlpatterns: list[Any] = [
    # The links of mails, and the pages that they lead to.
    path("email/confirm/", email_changes.ConfirmPage.as_view(), name="email_change_confirm"),
    path("email/confirm/<str:token>/", email_changes.ConfirmLink.as_view(), name="email_change_confirm_link"),
    path("email/stop/", email_changes.StopPage.as_view(), name="email_change_stop"),
    path("email/stop/<str:token>/", email_changes.StopLink.as_view(), name="email_change_stop_link"),
    path("email/prove/", ProveAddressView.as_view(), name="prove_address"),
    path("email/prove/sign-out/", SignOutView.as_view(), name="proof_sign_out"),
    path("email/prove/<str:uidb64>/<str:token>/", ProofLink.as_view(), name="proof_link"),
    path("styles/<slug:key>.css", show_stylesheet, name="group_styles"),
    path("checkout/company/", CheckoutCompanyPage.as_view(), name="checkout_company"),
    path("company/", CompanyPage.as_view(), name="company"),
    path("coupons/", CouponsView.as_view(), name="coupons"),
    path("memberships/", MembershipsView.as_view(), name="memberships"),
]
