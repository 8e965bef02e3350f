import pytest
from django.urls import reverse

from oscar_customers_ext.models import Contact, Customer
from tests.checkout import buy
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_guest_who_buys_becomes_a_customer_with_a_contact(client, shop, mailoutbox):
    response = buy(client, shop, email="Ann@Example.org")

    assert response.url == reverse("checkout:thank-you")
    customer = Customer.objects.get()
    assert (customer.email, customer.email_key) == ("Ann@example.org", "ann@example.org")
    assert (customer.full_name, customer.country_id, customer.phone) == ("Ann Rossi", "IT", "+390115550100")
    assert customer.number == f"C{customer.pk:06d}"
    assert (customer.orders_count, customer.user) == (1, None)
    assert Contact.objects.get() == customer.contact
    assert len(mailoutbox) == 1


def test_a_signed_in_buyer_owns_the_customer(client, shop):
    user = make_user("ann@example.org")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    response = buy(client, shop)

    assert response.url == reverse("checkout:thank-you")
    assert Customer.objects.get().user == user
