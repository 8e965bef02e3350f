from django.apps import apps
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Browsers ask for it on pages that name no icon, such as Django's own admin.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}oscar/favicon.ico")),
    path("shop/customer/", include("oscar_customers_ext.urls")),
    path("shop/", include(apps.get_app_config("oscar").urls[0])),
    # Empty unless DEBUG is on; it stands before Wagtail, which takes every other address.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(wagtail_urls)),
]
