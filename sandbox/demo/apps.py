from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("Demo shop")

    def ready(self):
        from oscar.apps.order.signals import order_placed

        from demo import receivers

        order_placed.connect(receivers.on_order_placed, dispatch_uid="demo.order_placed")
