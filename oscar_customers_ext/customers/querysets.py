from django.db import models

from oscar_customers_ext.contacts.identity import email_key

from .search_text import search_words


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

    def for_email(self, email):
        """The customer of this address, in a queryset of one or none. Raises InvalidEmail."""
        key = email_key(email)
        return self.none() if key is None else self.filter(email_key=key)

    def search(self, question):
        """Customers in whom each word of the question is found, in whatever column. Nothing asked: everybody."""
        found = self
        for word in search_words(question):
            # contains, not icontains: that one becomes UPPER() and misses the trigram index.
            found = found.filter(search_text__contains=word)
        return found

    def locked(self):
        """To be read for a change of counters; the lock lets rows that point here be inserted meanwhile."""
        return self.select_for_update(of=("self",), no_key=True)


class CustomerOrderQuerySet(models.QuerySet):
    def proven(self):
        """Placed by the customer's own account, or claimed after proof of the address: all that a buyer may see."""
        return self.filter(proven=True)
