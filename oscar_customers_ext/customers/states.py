"""Approval in words. A customer who is not approved waits for a decision, or was declined."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApprovalState(models.TextChoices):
    APPROVED = "approved", _("Approved")
    PENDING = "pending", _("Waiting for approval")
    DECLINED = "declined", _("Declined")


PENDING = models.Q(approved_buyer=False, approval_decided_at__isnull=True)
DECLINED = models.Q(approved_buyer=False, approval_decided_at__isnull=False)
