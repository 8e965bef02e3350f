from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from oscar_customers_ext.home import UnlinkedOrdersNotice
from oscar_customers_ext.viewsets import CustomersGroup


@hooks.register("register_admin_viewset")
def register_viewsets():
    return CustomersGroup()


@hooks.register("register_permissions")
def register_order_permission():
    """Oscar's own permission, so that it can be given to a group in the Wagtail admin."""
    return Permission.objects.filter(content_type__app_label="order", codename="view_order")


@hooks.register("construct_homepage_panels")
def add_notice(request, panels):
    panels.append(UnlinkedOrdersNotice())


@hooks.register("insert_global_admin_css")
def add_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("oscar_customers_ext/admin.css"))
