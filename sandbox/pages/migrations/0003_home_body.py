import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_members_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="homepage",
            name="body",
            field=wagtail.fields.StreamField(
                [("text", 0), ("only_for", 6)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.RichTextBlock", (), {"label": "Text"}),
                    1: ("oscar_customers_ext.content.blocks.StateBlock", [], {}),
                    2: ("oscar_customers_ext.content.blocks.CustomerGroupsBlock", (), {}),
                    3: ("oscar_customers_ext.content.blocks.MembershipPlansBlock", (), {}),
                    4: ("wagtail.blocks.RichTextBlock", (), {"label": "What they see"}),
                    5: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"label": "What everybody else sees", "required": False},
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [[("audience", 1), ("groups", 2), ("plans", 3), ("content", 4), ("otherwise", 5)]],
                        {},
                    ),
                },
                verbose_name="further content",
            ),
        ),
    ]
