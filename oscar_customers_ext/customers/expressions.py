from django.db import models

#: Counting further costs a big shop more than the number is worth.
COUNTED = 10_000


class CountUpTo(models.Subquery):
    """How many different values of ``name`` a queryset finds; for all that are more than COUNTED, something above it.

    So each row of a list costs the same, whatever it counts.
    """

    template = (
        "(SELECT CASE WHEN COUNT(*) > %(most)s THEN COUNT(*) ELSE COUNT(DISTINCT counted.counted_value) END "
        "FROM (%(subquery)s) counted)"
    )
    output_field = models.IntegerField()

    def __init__(self, queryset, name="pk", **extra):
        found = queryset.order_by().values(counted_value=models.F(name))
        super().__init__(found[: COUNTED + 1], most=COUNTED, **extra)
