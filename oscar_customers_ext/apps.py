from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OscarCustomersConfig(AppConfig):
    name = "oscar_customers_ext"
    verbose_name = _("Customers")
    default_auto_field = "django.db.models.BigAutoField"

    #: Dotted paths of the viewsets in the Wagtail admin. A site that wants its own subclasses this AppConfig.
    customer_viewset = "oscar_customers_ext.viewsets.CustomerViewSet"
    order_viewset = "oscar_customers_ext.viewsets.OrderViewSet"
    approval_viewset = "oscar_customers_ext.viewsets.ApprovalViewSet"
    membership_plan_viewset = "oscar_customers_ext.memberships.viewsets.MembershipPlanViewSet"
    group_viewset = "oscar_customers_ext.viewsets.GroupViewSet"
    tag_viewset = "oscar_customers_ext.viewsets.TagViewSet"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save, pre_delete
        from oscar.apps.checkout.signals import post_checkout, start_checkout
        from oscar.apps.customer.signals import user_registered
        from oscar.apps.order.signals import order_placed

        from . import checks, receivers  # noqa: F401 - checks register themselves
        from .compat import register_policy
        from .customers.models import Customer
        from .customers.staff_sites.policies import CustomersOfSites, RowsOfSite

        # Before anybody asks for them: Wagtail then makes one of its own, and takes no other any more.
        register_policy(CustomersOfSites(Customer))
        register_policy(RowsOfSite("order.Order"))

        connect = {
            "order_placed": (order_placed, receivers.on_order_placed, None),
            "order_saved": (post_save, receivers.on_order_saved, "order.Order"),
            "customer_order_deleted": (
                post_delete,
                receivers.on_customer_order_deleted,
                "oscar_customers_ext.CustomerOrder",
            ),
            "user_deletion": (pre_delete, receivers.on_user_deletion, settings.AUTH_USER_MODEL),
            "note_file_deleted": (
                post_delete,
                receivers.on_note_file_deleted,
                "oscar_customers_ext.NoteFile",
            ),
            "vat_number_of_customer": (
                post_save,
                receivers.on_vat_number_saved,
                "oscar_customers_ext.Customer",
            ),
            "vat_number_of_guest_address": (
                post_save,
                receivers.on_vat_number_saved,
                "oscar_customers_ext.CustomerAddress",
            ),
            "vat_number_of_address": (
                post_save,
                receivers.on_vat_number_saved,
                "oscar_customers_ext.AddressCompany",
            ),
            "checkout_finished": (post_checkout, receivers.on_checkout_finished, None),
            "tax_exemption_deleted": (
                post_delete,
                receivers.on_tax_exemption_deleted,
                "oscar_customers_ext.TaxExemption",
            ),
            "checkout_started": (start_checkout, receivers.on_checkout_started, None),
            "user_saved": (post_save, receivers.on_user_saved, settings.AUTH_USER_MODEL),
            "user_registered": (user_registered, receivers.on_user_registered, None),
            "user_logged_in": (user_logged_in, receivers.on_user_logged_in, None),
        }
        for name, (signal, receiver, sender) in connect.items():
            uid = f"oscar_customers_ext.{name}"
            if sender is None:
                signal.connect(receiver, dispatch_uid=uid)
            else:
                signal.connect(receiver, sender=sender, dispatch_uid=uid)
