import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # Written against Wagtail 7.4 on purpose. What makemigrations writes under 8.0 (settings.WAGTAIL_PAGE_MODEL
    # and wagtailcore 0098) crashes on 7.4, while this runs on both and leaves no changes on either.
    dependencies = [("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes")]

    operations = [
        migrations.CreateModel(
            name="HomePage",
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
                (
                    "heading",
                    models.CharField(
                        blank=True,
                        help_text="Left empty: the shop's own welcome.",
                        max_length=120,
                        verbose_name="heading",
                    ),
                ),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
            ],
            options={"verbose_name": "home page", "verbose_name_plural": "home pages"},
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="EventPage",
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
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("place", models.CharField(max_length=120, verbose_name="place")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("body", wagtail.fields.RichTextField(blank=True, verbose_name="text")),
            ],
            options={"verbose_name": "event page", "verbose_name_plural": "event pages"},
            bases=("wagtailcore.page",),
        ),
    ]
