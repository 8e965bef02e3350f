import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_home_and_event"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="MembersPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("body", wagtail.fields.RichTextField(blank=True, verbose_name="text")),
            ],
            options={
                "verbose_name": "members' page",
                "verbose_name_plural": "members' pages",
            },
            bases=("wagtailcore.page",),
        ),
    ]
