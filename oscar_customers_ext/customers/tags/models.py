from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase

from oscar_customers_ext.customers.expressions import CountUpTo

from .spelling import MAX_KEY_LENGTH, MAX_LENGTH, tag_key


class CustomerTagQuerySet(models.QuerySet):
    def of_names(self, names):
        """The tags that these are spellings of."""
        return self.filter(key__in={tag_key(name) for name in names})

    def with_customer_counts(self, *, among=None):
        """``customer_count``; ``among`` these customers only."""
        tagged = TaggedCustomer.objects.filter(tag=models.OuterRef("pk"))
        if among is not None:
            tagged = tagged.filter(content_object__in=among)
        return self.annotate(customer_count=CountUpTo(tagged))


class CustomerTag(models.Model):
    """A word that staff give to customers. ``key`` says which spellings are one tag: "vip" and "VIP" are.

    No TagBase: Wagtail completes the names of each of its children to whoever reaches the admin.
    """

    name = models.CharField(_("name"), max_length=MAX_LENGTH)
    key = models.CharField(max_length=MAX_KEY_LENGTH, unique=True, editable=False)

    objects = CustomerTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        self.key = tag_key(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def customers_url(self):
        """The list of customers who have it; renaming keeps this address."""
        return f"{reverse('oscar_customers:index')}?tag={self.pk}"


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
