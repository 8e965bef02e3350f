"""What the features show about a customer, and under which addresses."""

from oscar_customers_ext.accounts import views as accounts
from oscar_customers_ext.accounts.email_changes import views as email_changes
from oscar_customers_ext.accounts.vouching import VouchView
from oscar_customers_ext.activity.views import ActivityView
from oscar_customers_ext.approval import views as approval
from oscar_customers_ext.baskets.views import CartsSection
from oscar_customers_ext.coupons import views as coupons
from oscar_customers_ext.customers.addresses import views as addresses
from oscar_customers_ext.customers.listing import views as listing
from oscar_customers_ext.customers.marketing import views as marketing
from oscar_customers_ext.customers.notes import views as notes
from oscar_customers_ext.customers.sources.views import FromSourceView
from oscar_customers_ext.groups import sections as groups
from oscar_customers_ext.lifecycle import views as lifecycle
from oscar_customers_ext.memberships import views as memberships
from oscar_customers_ext.orders.bookings import BookingsSection
from oscar_customers_ext.pricing import views as pricing
from oscar_customers_ext.tax import views as tax
from oscar_customers_ext.tax.vat import views as vat
from oscar_customers_ext.transfers.exports import views as exports
from oscar_customers_ext.transfers.imports import job_views as import_job
from oscar_customers_ext.transfers.imports import views as imports

#: What the features show below customers/: route, view, name.
FEATURE_URLS = [
    ("account/<int:pk>/", accounts.AccountSection, "account"),
    ("account/<int:pk>/create/", accounts.CreateAccountView, "account_create"),
    ("account/<int:pk>/attach/<str:user_pk>/", accounts.AttachAccountView, "account_attach"),
    ("account/<int:pk>/password/", accounts.SetPasswordView, "account_password"),
    ("account/<int:pk>/link/", accounts.SendLinkView, "account_link"),
    ("account/<int:pk>/rename/", accounts.RenameAccountView, "account_rename"),
    ("account/<int:pk>/activate/", accounts.ActivateAccountView, "account_activate"),
    ("account/<int:pk>/deactivate/", accounts.DeactivateAccountView, "account_deactivate"),
    ("account/<int:pk>/vouch/", VouchView, "account_vouch"),
    ("account/<int:pk>/email/", email_changes.EmailSection, "email"),
    ("account/<int:pk>/email/change/", email_changes.EmailChangeView, "email_change"),
    ("account/<int:pk>/email/resend/", email_changes.ResendEmailChangeView, "email_change_resend"),
    ("account/<int:pk>/email/cancel/", email_changes.CancelEmailChangeView, "email_change_cancel"),
    ("activity/<int:pk>/", ActivityView, "activity"),
    ("addresses/<int:pk>/", addresses.AddressesView, "addresses"),
    ("addresses/<int:pk>/add/", addresses.AddAddressView, "add_address"),
    ("addresses/<int:pk>/<slug:book>/<int:address_pk>/", addresses.EditAddressView, "edit_address"),
    (
        "addresses/<int:pk>/<slug:book>/<int:address_pk>/delete/",
        addresses.DeleteAddressView,
        "delete_address",
    ),
    ("approval/<int:pk>/", approval.ApprovalView, "approval"),
    ("groups/<int:pk>/", groups.GroupsSection, "groups"),
    ("groups/<int:pk>/change/", groups.ChangeGroupsView, "change_groups"),
    ("archive/<int:pk>/", lifecycle.ArchiveView, "archive"),
    ("restore/<int:pk>/", lifecycle.RestoreView, "restore"),
    ("marketing/<int:pk>/", marketing.MarketingView, "marketing"),
    ("marketing/<int:pk>/subscribe/", marketing.SubscribeView, "subscribe"),
    ("marketing/<int:pk>/unsubscribe/", marketing.UnsubscribeView, "unsubscribe"),
    ("marketing/<int:pk>/object/", marketing.ObjectView, "object"),
    ("from-source/", FromSourceView, "from_source"),
    ("columns/", listing.ColumnsView, "columns"),
    ("views/", listing.SavedViewsView, "views"),
    ("views/new/", listing.SaveViewView, "save_view"),
    ("views/<int:pk>/", listing.EditViewView, "edit_view"),
    ("views/<int:pk>/delete/", listing.DeleteViewView, "delete_view"),
    ("export/", exports.ExportView, "export"),
    ("export/profiles/<int:pk>/delete/", exports.DeleteProfileView, "delete_export_profile"),
    ("carts/<int:pk>/", CartsSection, "carts"),
    ("coupons/<int:pk>/", coupons.CouponsSection, "coupons"),
    ("coupons/<int:pk>/add/", coupons.CreateCouponView, "create_coupon"),
    ("coupons/<int:pk>/<int:coupon_pk>/change/", coupons.ChangeCouponView, "change_coupon"),
    ("coupons/<int:pk>/<int:coupon_pk>/mail/", coupons.MailCouponView, "mail_coupon"),
    ("coupons/<int:pk>/<int:coupon_pk>/end/", coupons.EndCouponView, "end_coupon"),
    ("coupons/<int:pk>/<int:coupon_pk>/delete/", coupons.DeleteCouponView, "delete_coupon"),
    ("prices/<int:pk>/", pricing.PricesSection, "prices"),
    ("prices/<int:pk>/cart/<int:basket_pk>/", pricing.PricesOfCartView, "prices_of_cart"),
    ("bookings/<int:pk>/", BookingsSection, "bookings"),
    ("notes/<int:pk>/", notes.NotesSection, "notes"),
    ("notes/<int:pk>/add/", notes.AddNoteView, "add_note"),
    ("notes/<int:pk>/<int:note_pk>/edit/", notes.EditNoteView, "edit_note"),
    ("notes/<int:pk>/<int:note_pk>/delete/", notes.DeleteNoteView, "delete_note"),
    ("notes/<int:pk>/<int:note_pk>/pin/", notes.PinNoteView, "pin_note"),
    ("notes/<int:pk>/<int:note_pk>/unpin/", notes.UnpinNoteView, "unpin_note"),
    ("notes/<int:pk>/files/<int:file_pk>/", notes.NoteFileView, "note_file"),
    ("notes/<int:pk>/files/<int:file_pk>/remove/", notes.RemoveFileView, "remove_note_file"),
    ("memberships/<int:pk>/", memberships.MembershipsSection, "memberships"),
    ("memberships/<int:pk>/grant/", memberships.GrantView, "grant_membership"),
    ("memberships/<int:pk>/<int:membership_pk>/renew/", memberships.RenewView, "renew_membership"),
    ("memberships/<int:pk>/<int:membership_pk>/revoke/", memberships.RevokeView, "revoke_membership"),
    ("vat-numbers/<int:pk>/", vat.VatNumbersView, "vat_numbers"),
    ("vat-numbers/<int:pk>/check/", vat.CheckVatNumbersView, "check_vat_numbers"),
    ("tax/<int:pk>/", tax.ExemptionsSection, "tax"),
    ("tax/<int:pk>/add/", tax.AddExemptionView, "add_tax_exemption"),
    ("tax/<int:pk>/<int:exemption_pk>/change/", tax.ChangeExemptionView, "change_tax_exemption"),
    ("tax/<int:pk>/<int:exemption_pk>/end/", tax.EndExemptionView, "end_tax_exemption"),
    ("tax/<int:pk>/<int:exemption_pk>/delete/", tax.DeleteExemptionView, "delete_tax_exemption"),
    ("tax/<int:pk>/<int:exemption_pk>/document/", tax.ExemptionDocumentView, "tax_document"),
    ("roles/<int:pk>/", memberships.RolesSection, "roles"),
    ("roles/<int:pk>/change/", memberships.ChangeRolesView, "change_roles"),
    ("imports/", imports.ImportListView, "imports"),
    ("imports/new/", imports.UploadView, "import_file"),
    ("imports/<int:pk>/", import_job.ImportView, "import_job"),
    ("imports/<int:pk>/columns/", imports.ColumnsView, "import_columns"),
    ("imports/<int:pk>/progress/", import_job.ProgressView, "import_progress"),
    ("imports/<int:pk>/run/", import_job.RunView, "import_run"),
    ("imports/<int:pk>/cancel/", import_job.CancelView, "import_cancel"),
    ("imports/<int:pk>/forget/", import_job.ForgetView, "import_forget"),
    ("imports/<int:pk>/undo/", import_job.UndoView, "import_undo"),
    ("imports/<int:pk>/failed/", import_job.FailedRowsView, "import_failed"),
]
