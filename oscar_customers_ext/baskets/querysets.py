from datetime import timedelta

from django.db import models
from django.utils import timezone

from oscar_customers_ext.conf import conf


class BasketContactQuerySet(models.QuerySet):
    def remembered(self):
        """Within the retention period; older ones are as good as deleted."""
        return self.filter(captured_at__gte=_oldest())

    def outdated(self):
        return self.filter(captured_at__lt=_oldest())


def _oldest():
    return timezone.now() - timedelta(days=conf.CART_EMAIL_DAYS)
