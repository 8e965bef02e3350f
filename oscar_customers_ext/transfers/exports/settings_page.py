"""The page below Settings that says how customers are exported where nobody chooses anything else."""

from django.apps import apps
from django.core.checks import Warning
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.contrib.settings.registry import register_setting

from .forms import ExportSettingsForm
from .models import ExportSettings, ExportShape

APP = "wagtail.contrib.settings"


def register_settings_page() -> None:
    """Where the app is not installed there is no such page, and the defaults count; a system check says so."""
    if not apps.is_installed(APP):
        return
    panels = [FieldPanel(name) for name in ExportShape.FIELDS]
    ExportSettings.edit_handler = ObjectList(panels, base_form_class=ExportSettingsForm)
    register_setting(ExportSettings, icon="download")


def check_settings_app(app_configs, **kwargs):
    if apps.is_installed(APP):
        return []
    return [
        Warning(
            "How customers are exported cannot be changed: the page of settings is not there.",
            hint=f'Add "{APP}" to INSTALLED_APPS.',
            id="oscar_customers_ext.W025",
        )
    ]
