from django.db import models
from django.db.models import Case, Count, F, Min, OuterRef, Prefetch, Q, Subquery, When
from oscar.core.loading import get_model

#: Orders named beside a coupon that was used many times.
ORDERS_SHOWN = 3


class CustomerVoucherQuerySet(models.QuerySet):
    def with_use(self):
        """``uses``: in how many orders the coupon was, ``limit``: in how many it may be where it may be in several."""
        applications = get_model("voucher", "VoucherApplication").objects.order_by()
        links = get_model("voucher", "Voucher").offers.through.objects.order_by()
        uses = applications.filter(voucher=OuterRef("voucher")).values("voucher").annotate(number=Count("pk"))
        limit = (
            links.filter(voucher=OuterRef("voucher"))
            .values("voucher")
            .annotate(number=Min("conditionaloffer__max_global_applications"))
        )
        return self.select_related("voucher", "customer").annotate(
            uses=models.functions.Coalesce(Subquery(uses.values("number")), 0),
            limit=Subquery(limit.values("number")),
        )

    def open_first(self, now):
        """Of rows that were read ``with_use()``: what can be used, then what can be later, then what is over."""
        several = Q(voucher__usage=get_model("voucher", "Voucher").MULTI_USE)
        over = (
            Q(voucher__end_datetime__lt=now)
            | Q(ended_at__gte=F("voucher__end_datetime"))
            | (several & Q(limit__isnull=False, uses__gte=F("limit")))
            | (~several & Q(uses__gte=1))
        )
        place = Case(When(over, then=2), When(voucher__start_datetime__gt=now, then=1), default=0)
        return self.order_by(place, "-created_at", "-pk")

    def with_offers(self):
        """With what it takes to say what each gives."""
        offers = get_model("offer", "ConditionalOffer").objects.select_related(
            "benefit__range", "condition__range"
        )
        return self.with_use().prefetch_related(Prefetch("voucher__offers", offers))

    def for_list(self, orders=None):
        """With what a list tells of each; of ``orders`` only, where they are given: a query set of those to be named."""
        applications = get_model("voucher", "VoucherApplication").objects.select_related("order")
        if orders is not None:
            applications = applications.filter(order__in=orders)
        return (
            self.with_offers()
            .select_related("created_by")
            .prefetch_related(
                Prefetch(
                    "voucher__applications",
                    applications.order_by("-date_created", "-pk")[:ORDERS_SHOWN],
                    to_attr="last_applications",
                ),
            )
        )
