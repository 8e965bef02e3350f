from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase


class CustomerTag(TagBase):
    """A word that staff give to customers. ``key`` says which spellings are one tag: "vip" and "VIP" are."""

    key = models.CharField(max_length=100, unique=True, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]


class TaggedCustomer(ItemBase):
    # The class and not its name: taggit takes it from here before names are resolved.
    tag = models.ForeignKey(CustomerTag, on_delete=models.CASCADE, related_name="tagged_customers")
    content_object = models.ForeignKey(
        "oscar_customers_ext.Customer", on_delete=models.CASCADE, related_name="tagged"
    )

    class Meta:
        verbose_name = _("tag of a customer")
        verbose_name_plural = _("tags of customers")
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="customer_tagged_once"),
        ]
