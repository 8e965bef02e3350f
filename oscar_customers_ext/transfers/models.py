from .exports.models import ExportProfile, ExportSettings
from .imports.models import ExternalId, ImportJob, ImportMapping, ImportRow

__all__ = ["ExportProfile", "ExportSettings", "ExternalId", "ImportJob", "ImportMapping", "ImportRow"]
