"""What the application would have written about a person, had it seen all of it happen.

The rules are the package's own: who owns a row, what an order tells, what fills a blank, what a key is.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from oscar.apps.customer.utils import normalise_email

from demo.crowd.belonging import rows_of
from demo.crowd.person import dice_of, make_person
from demo.crowd.purchases import make_address, make_lines, make_order, shipping_columns
from oscar_customers_ext.contacts.identity import email_key
from oscar_customers_ext.contacts.models import ConsentState
from oscar_customers_ext.customers.actions import NEWSLETTER, SHOP, STAFF
from oscar_customers_ext.customers.numbers import computed_number
from oscar_customers_ext.customers.ownership import usable_address
from oscar_customers_ext.customers.profile import blanks_to_fill, profile_of_order, profile_of_user
from oscar_customers_ext.models import ConsentEntry, Contact, Customer, CustomerOrder, CustomerSource

LANGUAGES = dict(settings.LANGUAGES)
SUBSCRIBED, UNSUBSCRIBED, OBJECTED = ConsentState.SUBSCRIBED, ConsentState.UNSUBSCRIBED, ConsentState.OBJECTED
SIGNED_UP = "Yes, write to me about new pieces and workshops."
ASKED_STAFF = "The customer asked our staff for the newsletter."
VISIT = Customer.sites.through


class Life:
    """One person; afterwards all rows are there except for the customer's counters."""

    def __init__(self, plan, offset, first_order):
        pk = plan.first["customer"] + offset
        self.plan = plan
        self.dice = dice_of(plan.seed, pk, purpose=1)
        self.person = make_person(plan.seed, pk, buys=plan.orders[offset] > 0, accounts=plan.accounts)
        self.met_at = plan.moment((offset + self.dice.random()) / len(plan.orders))
        self.user = self._make_user(plan.first["user"] + offset) if self.person.has_account else None
        self.addresses, self.orders, self.lines = [], [], []
        self._buy(plan.orders[offset], first_order)
        self.customer = self._make_customer(pk, contact_pk=plan.first["contact"] + offset)
        self.sources = {self.person.source: self.met_at}
        self.links = [self._link(order) for order in self.orders]
        self._live_on()
        self._finish()

    def rows(self):
        """In the order of writing. The customer is not among them: its counters come from what is written here."""
        yield from filter(None, [self.user])
        for kind in (self.addresses, self.orders, self.lines, self.links):
            yield from kind
        yield from rows_of(self.plan.seed, self.customer)

    def _make_user(self, pk):
        named = self.dice.random() < 0.9
        return get_user_model()(
            pk=pk,
            username=f"buyer{pk}",
            email=normalise_email(self.person.email),
            password=self.plan.password,
            first_name=self.person.first_name if named else "",
            last_name=self.person.last_name if named else "",
            date_joined=self.met_at,
        )

    def _buy(self, times, first_order):
        if not times:
            return
        later = self.plan.today - self.met_at
        moments = sorted(self.met_at + later * self.dice.random() for _ in range(times))
        if self.person.source == SHOP:
            moments[0] = self.met_at
        columns = shipping_columns(self.dice, self.person, self.plan.countries)
        for number, placed_at in enumerate(moments, start=first_order):
            self._place_order(number, placed_at, columns)

    def _place_order(self, number, placed_at, columns):
        address = make_address(self.plan.first["address"] + number, columns)
        signed_in = self.user is not None and self.dice.random() < 0.88
        order = make_order(
            self.dice,
            self.plan.first["order"] + number,
            placed_at=placed_at,
            today=self.plan.today,
            user=self.user if signed_in else None,
            guest_email="" if signed_in else self._typed_email(),
            shipping_address=address,
            site_id=self.plan.site,
        )
        self.addresses.append(address)
        self.orders.append(order)
        self.lines.extend(make_lines(self.dice, order, self.plan.stock))

    def _typed_email(self):
        """People type their address now and then in another way."""
        email = self.person.email
        return email if self.orders == [] or self.dice.random() < 0.9 else email.swapcase()

    def _make_customer(self, pk, contact_pk):
        if self.person.source == SHOP:
            columns = profile_of_order(self.orders[0])
            email = usable_address(self.orders[0].email, self.orders[0].guest_email)[0]
        elif self.user is not None:
            columns, email = profile_of_user(self.user), usable_address(self.user.email)[0]
        else:
            columns, email = self._details(), self.person.email
        key = email_key(email)
        self.contact = Contact(pk=contact_pk, email=email, email_key=key, created_at=self.met_at)
        language = self.person.home.language
        return Customer(
            pk=pk,
            email=email,
            email_key=key,
            user=self.user,
            contact_id=contact_pk,
            language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
            created_at=self.met_at,
            modified_at=self.met_at,
            **columns,
        )

    def _details(self):
        """Everything that this person would tell to staff."""
        person = self.person
        return {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": person.phone,
            "country_id": person.home.country,
            "company_name": person.company_name,
            "organisation_id": person.organisation_id,
            "vat_number": person.vat_number,
        }

    def _link(self, order):
        proven = order.user_id is not None
        self.sources.setdefault(SHOP, order.date_placed)
        if proven:
            self._learn(profile_of_order(order), order.date_placed)
        return CustomerOrder(
            order_id=order.pk,
            customer_id=self.customer.pk,
            email=usable_address(order.email, order.guest_email)[0],
            proven=proven,
            linked_at=order.date_placed,
        )

    def _learn(self, profile, when):
        changes = blanks_to_fill(self.customer, profile)
        for name, value in changes.items():
            setattr(self.customer, name, value)
        if changes:
            self.customer.modified_at = when

    def _live_on(self):
        """What happens to customers apart from orders."""
        last = max([self.met_at, *(order.date_placed for order in self.orders)])
        later = last + (self.plan.today - last) * self.dice.random()
        if self.person.email and self.dice.random() < 0.1:
            self.sources.setdefault(NEWSLETTER, later)
        if self.dice.random() < 0.9:
            # Staff complete the card, sooner or later.
            self._learn(self._details(), later)
        if self.dice.random() < 0.03:
            self.customer.approved_buyer = False
            # Who bought before was declined later; who did not is still waiting.
            self.customer.approval_decided_at = later if self.orders else None
            self.customer.modified_at = later
        if not self.orders and self.dice.random() < 0.01:
            self.customer.archived_at = self.customer.modified_at = later

    def _finish(self):
        customer = self.customer
        has_own_number = self.dice.random() < 0.005
        customer.number = f"KD-{customer.pk}" if has_own_number else computed_number(customer.pk)
        customer.search_text = customer.composed_search_text()

    def source_rows(self):
        return [
            CustomerSource(customer_id=self.customer.pk, source=source, first_seen=seen)
            for source, seen in self.sources.items()
        ]

    def consent_rows(self):
        """The lines of the ledger, oldest first: those who signed up, some whom staff asked, and a few who left again."""
        dice = dice_of(self.plan.seed, self.customer.pk, purpose=2)
        signed_up_at = self.sources.get(NEWSLETTER)
        if not self.person.email or (signed_up_at is None and dice.random() > 0.2):
            return []
        source, text = (NEWSLETTER, SIGNED_UP) if signed_up_at else (STAFF, ASKED_STAFF)
        at = signed_up_at or self.met_at
        lines = [self._consent(SUBSCRIBED, at, source, text)]
        left = dice.random()
        if left < 0.1:
            state = OBJECTED if left < 0.01 else UNSUBSCRIBED
            lines.append(self._consent(state, at + (self.plan.today - at) * dice.random(), STAFF, ""))
        return lines

    def _consent(self, state, at, source, text):
        return ConsentEntry(
            contact_id=self.contact.pk,
            mailing_list_id=self.plan.newsletter,
            state=state,
            email=self.contact.email,
            at=at,
            source=source,
            text=text,
        )

    def site_rows(self):
        """Orders and registrations happen on a site; what staff enter does not."""
        if not self.orders and self.user is None:
            return []
        return [VISIT(customer_id=self.customer.pk, site_id=self.plan.site)]
