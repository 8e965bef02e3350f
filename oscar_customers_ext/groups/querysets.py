"""Which customers belong to which groups: those whom staff put there, and those with an active membership.

The tables of memberships are another feature's, and are reached by the names of relations.
"""

from django.db import models
from django.utils import timezone

from oscar_customers_ext.customers.expressions import CountUpTo


def active(at, prefix=""):
    """The condition that a membership is active at that moment; ``prefix`` leads to it."""
    return models.Q(**{f"{prefix}starts_at__lte": at, f"{prefix}revoked_at__isnull": True}) & (
        models.Q(**{f"{prefix}ends_at__isnull": True}) | models.Q(**{f"{prefix}ends_at__gt": at})
    )


class CustomerGroupQuerySet(models.QuerySet):
    def of(self, customer, at=None):
        """The groups that count for this customer now, or at that moment: one query, each group once."""
        at = at or timezone.now()
        assigned = self.model.customers.through.objects.filter(customer=customer)
        members = self._memberships().filter(active(at), customer=customer)
        return self.filter(
            models.Q(pk__in=assigned.values("customergroup"))
            | models.Q(pk__in=members.values("plan__customer_group"))
        )

    def with_origin_for(self, customer, at=None):
        """``is_assigned`` and ``is_by_membership`` say why a group of this customer counts."""
        at = at or timezone.now()
        own = {"customer": customer}
        assigned = self.model.customers.through.objects.filter(customergroup=models.OuterRef("pk"), **own)
        members = self._memberships().filter(active(at), plan__customer_group=models.OuterRef("pk"), **own)
        return self.annotate(is_assigned=models.Exists(assigned), is_by_membership=models.Exists(members))

    def sources_of_customers(self, at=None):
        """Where the customers of these groups are found, for ``CustomerQuerySet.among``."""
        at = at or timezone.now()
        groups = list(self.values_list("pk", flat=True))
        assigned = self.model.customers.through.objects.filter(customergroup__in=groups)
        # The plans as constants: a join would keep PostgreSQL from knowing how many memberships there are.
        plans = list(self._plans().filter(customer_group__in=groups).values_list("pk", flat=True))
        members = self._memberships().filter(active(at), plan__in=plans)
        return [rows.values("customer") for rows in ([assigned, members] if plans else [assigned])]

    def with_customer_counts(self, at=None, *, among=None):
        """``customer_count`` by staff and by active memberships, each customer once; ``among`` these customers only."""
        at = at or timezone.now()
        through = self.model.customers.through.objects
        assigned = through.filter(customergroup=models.OuterRef("pk"))
        counted_there = through.filter(
            customer=models.OuterRef("customer"), customergroup=models.OuterRef("plan__customer_group")
        )
        members = self._memberships().filter(active(at), plan__customer_group=models.OuterRef("pk"))
        members = members.filter(~models.Exists(counted_there))
        if among is not None:
            assigned, members = assigned.filter(customer__in=among), members.filter(customer__in=among)
        return self.annotate(customer_count=CountUpTo(assigned) + CountUpTo(members, "customer"))

    def _plans(self):
        return self.model._meta.get_field("membership_plans").related_model._default_manager.all()

    def _memberships(self):
        plan = self.model._meta.get_field("membership_plans").related_model
        return plan._meta.get_field("memberships").related_model._default_manager.order_by()


class GroupOfferQuerySet(models.QuerySet):
    def of_groups_of(self, customer, at=None):
        """Those of the groups that count for this customer now, or at that moment."""
        group = self.model._meta.get_field("group").related_model
        return self.filter(group__in=group._default_manager.of(customer, at).order_by())
