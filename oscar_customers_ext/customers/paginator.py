from django.db import connection
from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

ESTIMATE_FROM = 100_000


class CustomerPaginator(WagtailPaginator):
    """Counts exactly, unless ``may_estimate``: then a large table on PostgreSQL is as long as its planner thinks.

    Counting a million rows for a line that says "page 1 of 50,000" would be most of the work of the first page. The
    estimate is as old as the last ANALYZE and includes archived customers, so the last pages may be missing or empty;
    whoever looks for those rows sorts the other way round.
    """

    may_estimate = False

    @cached_property
    def count(self):
        if self.may_estimate and connection.vendor == "postgresql":
            return self._estimate_or_count()
        return super().count

    def _estimate_or_count(self):
        """One statement, whatever the size: PostgreSQL counts only when it comes to that branch."""
        listed, parameters = self.object_list.order_by().values("pk").query.sql_with_params()
        statement = f"""
            SELECT CASE WHEN rows >= %s THEN rows ELSE (SELECT COUNT(*) FROM ({listed}) listed) END
            FROM (SELECT reltuples::bigint AS rows FROM pg_class WHERE oid = %s::regclass) planner
        """  # noqa: S608 - made of Django's own statement
        with connection.cursor() as cursor:
            table = self.object_list.model._meta.db_table
            cursor.execute(statement, [ESTIMATE_FROM, *parameters, table])
            return cursor.fetchone()[0]
