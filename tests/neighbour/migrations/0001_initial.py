import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("oscar_customers_ext", "0001_customers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoyaltyCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.PositiveIntegerField(default=0, verbose_name="points")),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loyalty_card",
                        to="oscar_customers_ext.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "loyalty card",
                "verbose_name_plural": "loyalty cards",
            },
        ),
    ]
