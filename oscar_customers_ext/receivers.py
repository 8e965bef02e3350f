"""What Django and Oscar tell us. Nothing that fails here may reach the buyer.

Oscar sends ``order_placed`` after its own atomic block and not robustly (order/utils.py:137): an error of ours would
break a checkout whose order is saved and paid. So all work waits for the commit, and ends in ``_safely``.
"""

import logging

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sites.models import Site
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import get_language
from oscar.apps.checkout.signals import post_checkout, start_checkout
from oscar.apps.customer.signals import user_registered
from oscar.apps.order.signals import order_placed

from .accounts.email_changes.following import address_differs, follow_account_address
from .accounts.sessions import remember_name
from .baskets.actions import remember_address
from .conf import conf
from .customers import actions, counters
from .customers.addresses.actions import take_back_addresses
from .customers.locks import short_locks
from .customers.models import CustomerOrder
from .customers.vat_numbers import canonical
from .tax.vat import session as company_of_checkout
from .tax.vat.tasks import check_later

logger = logging.getLogger("oscar_customers_ext")

NOT_LINKED = "Order %s is not linked to a customer; run: manage.py reconcile_customers"
NOT_COUNTED = "The customer of order %s may show wrong counters; run: manage.py reconcile_customers"


def on_order_placed(sender, order, **kwargs):
    _link_after_commit(order)


def on_order_saved(sender, instance, created, raw=False, **kwargs):
    # Also sees the orders that imports and APIs create: they send no order_placed.
    if raw:
        return
    if created:
        _link_after_commit(instance)
    else:
        order_pk, number = instance.pk, instance.number
        transaction.on_commit(
            lambda: _safely(NOT_COUNTED, number, lambda: _recount_order(order_pk)), robust=True
        )


def on_customer_order_deleted(sender, instance, **kwargs):
    customer_pk, order_pk = instance.customer_id, instance.order_id
    transaction.on_commit(
        lambda: _safely(NOT_COUNTED, order_pk, lambda: counters.recount(customer_pk)), robust=True
    )


def on_user_deletion(sender, instance, **kwargs):
    # Not in _safely(): no buyer waits here (see ProfileDeleteMixin), and addresses are not lost in silence.
    take_back_addresses(instance)
    # The orders stay, without a user, and are proven to nobody until somebody proves the address of each.
    CustomerOrder.objects.filter(order__user=instance.pk).update(proven=False)
    CustomerOrder.objects.filter(customer__user=instance.pk).update(proven=False)


def on_note_file_deleted(sender, instance, **kwargs):
    name, storage = instance.file.name, instance.file.storage
    if name:
        transaction.on_commit(lambda: _delete_file(storage, name), robust=True)


def on_checkout_finished(sender, request, **kwargs):
    # What was typed for one order is not for the next.
    company_of_checkout.forget(request)


def on_vat_number_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw or not instance.vat_number or (update_fields is not None and "vat_number" not in update_fields):
        return
    # The address of a company in Oscar's address book was asked for when its number was checked.
    check_later(canonical(instance.vat_number, getattr(instance, "country_id", "")))


def on_tax_exemption_deleted(sender, instance, **kwargs):
    name, storage = instance.document.name, instance.document.storage
    if name:
        transaction.on_commit(lambda: _delete_file(storage, name), robust=True)


def on_checkout_started(sender, request, email=None, **kwargs):
    # With an e-mail address only for who is not signed in; all others cost nothing.
    if email and conf.CAPTURE_CART_EMAIL:
        _remember_safely(request, email)


def on_user_registered(sender, user, request=None, **kwargs):
    if conf.CREATE_ON_REGISTRATION:
        language = get_language() or ""
        transaction.on_commit(lambda: _register_safely(user, request, language), robust=True)


def on_user_logged_in(sender, request, user, **kwargs):
    remember_name(request, user)


def on_user_saved(sender, instance, created, raw=False, update_fields=None, **kwargs):
    # Each log-in stores last_login alone, and must not cost a query.
    is_about_address = update_fields is None or sender.get_email_field_name() in update_fields
    if not raw and not created and is_about_address:
        user_pk = instance.pk
        transaction.on_commit(lambda: _follow_safely(user_pk), robust=True)


def _link_after_commit(order):
    language = get_language() or ""
    # A lambda, never a partial: a failing partial raises on Django 5.2 in spite of robust=True.
    transaction.on_commit(lambda: _link_safely(order, language), robust=True)


def _link_safely(order, language):
    # Both signals lead here, and the second does nothing: where the first waited for a lock in vain, the buyer
    # would wait twice.
    if not getattr(order, "_customers_ext_tried", False):
        order._customers_ext_tried = True
        _safely(NOT_LINKED, order.number, lambda: actions.link_order(order, language=language))


def _safely(sentence, order_number, work):
    """What cannot be done is logged, and mended by reconcile_customers."""
    try:
        with short_locks():
            work()
    except Exception:
        logger.exception(sentence, order_number)


def _remember_safely(request, email):
    try:
        with short_locks():
            basket_pk = request.basket.pk
            if basket_pk is not None:
                remember_address(basket_pk, email=email, site=Site.objects.get_current(request))
    except Exception as error:
        # Without the traceback: what a database says of a row may hold the address.
        logger.error("The address of a cart was not kept: %s", type(error).__name__)


def _delete_file(storage, name):
    try:
        storage.delete(name)
    except Exception:
        logger.exception("The file %s is still there, and what it belonged to is gone", name)


def _recount_order(order_pk):
    customer_pk = CustomerOrder.objects.filter(order=order_pk).values_list("customer", flat=True).first()
    if customer_pk is not None:
        counters.recount(customer_pk)


def _register_safely(user, request, language):
    try:
        with short_locks():
            actions.register_user(user, site=Site.objects.get_current(request), language=language)
    except Exception:
        logger.exception("User %s has no customer; run: manage.py reconcile_customers", user.pk)


def _follow_safely(user_pk):
    try:
        if address_differs(user_pk):
            with short_locks():
                follow_account_address(user_pk)
    except Exception:
        logger.exception("The customer of user %s keeps the old e-mail address", user_pk)


def connect():
    """Once all apps are ready. The receivers have names, so a second call changes nothing."""
    receivers = (
        (order_placed, None, on_order_placed),
        (post_save, "order.Order", on_order_saved),
        (post_delete, "oscar_customers_ext.CustomerOrder", on_customer_order_deleted),
        (pre_delete, settings.AUTH_USER_MODEL, on_user_deletion),
        (post_delete, "oscar_customers_ext.NoteFile", on_note_file_deleted),
        (post_save, "oscar_customers_ext.Customer", on_vat_number_saved),
        (post_save, "oscar_customers_ext.CustomerAddress", on_vat_number_saved),
        (post_save, "oscar_customers_ext.AddressCompany", on_vat_number_saved),
        (start_checkout, None, on_checkout_started),
        (post_checkout, None, on_checkout_finished),
        (post_delete, "oscar_customers_ext.TaxExemption", on_tax_exemption_deleted),
        (post_save, settings.AUTH_USER_MODEL, on_user_saved),
        (user_registered, None, on_user_registered),
        (user_logged_in, None, on_user_logged_in),
    )
    for signal, sender, receiver in receivers:
        signal.connect(receiver, sender=sender, dispatch_uid=f"oscar_customers_ext.{receiver.__name__}")
