from django.db import models

from oscar_customers_ext.contacts.identity import email_key

from .search_text import search_words
from .states import DECLINED, PENDING

SHORTEST_PART = 3

#: So many customers are fetched and sorted in some milliseconds, wherever they stand in the list.
FEW = 5_000


def _contains(word):
    # contains, not icontains: that one becomes UPPER() and misses the trigram index.
    if len(word) >= SHORTEST_PART:
        return models.Q(search_text__contains=word)
    # The index cannot look inside words for one or two letters, so these are the beginning of a word.
    return models.Q(search_text__contains=f" {word}") | models.Q(search_text__startswith=word)


class CustomerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(archived_at__isnull=True)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def guests(self):
        return self.filter(user__isnull=True)

    def registered(self):
        return self.filter(user__isnull=False)

    def prospects(self):
        """Known to the shop, but without an order."""
        return self.filter(orders_count=0)

    def approved(self):
        return self.filter(approved_buyer=True)

    def pending(self):
        """Neither approved nor declined: they wait for staff."""
        return self.filter(PENDING)

    def declined(self):
        return self.filter(DECLINED)

    def for_email(self, email):
        """The customer of this address, in a queryset of one or none. Raises InvalidEmail."""
        key = email_key(email)
        return self.none() if key is None else self.filter(email_key=key)

    def search(self, question):
        """Customers in whom each word of the question is found, in whatever column. Nothing asked: everybody.

        A part of a word is enough from three letters on; fewer are the beginning of one.
        """
        found = self
        for alternatives in search_words(question):
            wanted = models.Q()
            for word in alternatives:
                wanted |= _contains(word)
            found = found.filter(wanted)
        return found

    def among(self, *sources):
        """Customers whose primary keys one of these querysets finds: each has one column, and is a single table.

        PostgreSQL misjudges in both directions. Of few keys it may believe that they come early in the list, and read
        all customers to find them: LIMIT makes it begin with the keys. Many keys are better looked up while the list
        is read, which it does by itself for one table; two are asked of each customer.
        """
        first, *others = sources
        keys = first.union(*others, all=True) if others else first
        if keys[: FEW + 1].count() <= FEW:
            return self.filter(pk__in=keys if others else first[:FEW])
        if not others:
            return self.filter(pk__in=first)
        wanted = models.Q()
        for source in sources:
            (column,) = source.query.values_select
            wanted |= models.Q(models.Exists(source.filter(**{column: models.OuterRef("pk")})))
        return self.filter(wanted)

    def locked(self):
        """To be read for a change of counters; the lock lets rows that point here be inserted meanwhile."""
        return self.select_for_update(of=("self",), no_key=True)


class CustomerOrderQuerySet(models.QuerySet):
    def proven(self):
        """Placed by the customer's own account, or claimed after proof of the address: all that a buyer may see."""
        return self.filter(proven=True)
