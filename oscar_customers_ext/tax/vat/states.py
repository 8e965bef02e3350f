from django.db import models
from django.utils.translation import gettext_lazy as _


class VatState(models.TextChoices):
    VALID = "valid", _("Valid")
    INVALID = "invalid", _("Invalid")
    #: The registry did not answer; asked again later.
    UNAVAILABLE = "unavailable", _("Registry not available")
    #: No registry is asked about numbers of this country.
    UNSUPPORTED = "unsupported", _("Not checked by a registry")
