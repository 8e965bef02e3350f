import logging

from django.db import DatabaseError, migrations, transaction

logger = logging.getLogger("oscar_customers_ext")

# Raw SQL because django.contrib.postgres cannot be imported without psycopg, which an SQLite shop does not have.
CREATE = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS customer_search_text_trigram "
    "ON oscar_customers_ext_customer USING gin (search_text gin_trgm_ops)",
)
DROP = "DROP INDEX IF EXISTS customer_search_text_trigram"


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            for statement in CREATE:
                schema_editor.execute(statement)
    except DatabaseError as error:
        # Not everybody may create extensions. Searching works without, only slower; check W005 says how to mend it.
        logger.warning("The search index of customers was not created: %s", error)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):

    dependencies = [("oscar_customers_ext", "0001_customers")]

    operations = [migrations.RunPython(create_index, drop_index)]
