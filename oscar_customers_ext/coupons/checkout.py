"""What is laid over Oscar's basket, offers and checkout, so that a personal coupon is used by its customer only.

What reads the database is named and not imported, because Oscar asks for this module while there are no models yet,
see loader.py.
"""

from importlib import import_module

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.functional import cached_property
from oscar.apps.checkout.exceptions import FailedPreCondition

BUYING = "oscar_customers_ext.coupons.buying"
MINIMUMS = "oscar_customers_ext.coupons.minimums"


class CouponApplicatorMixin:
    """No discount by somebody else's coupon, however it came into the basket."""

    _request_of_coupons = None

    def get_offers(self, basket, user=None, request=None):
        self._request_of_coupons = request
        return super().get_offers(basket, user, request)

    def get_basket_offers(self, basket, user):
        offers, entered = self._with_vouchers(basket, user)
        if not entered and not offers:
            return offers
        return import_module(BUYING).usable_offers(offers, entered, basket, user, self._request_of_coupons)

    def _with_vouchers(self, basket, user):
        """Oscar's offers, and all vouchers in the basket by the query that Oscar needs anyway."""
        if not basket.id or not user:
            return super().get_basket_offers(basket, user), []
        prefetch_related_objects([basket], "vouchers")
        try:
            return super().get_basket_offers(basket, user), list(basket.vouchers.all())
        finally:
            # The order asks again, with the rows locked.
            basket._prefetched_objects_cache.pop("vouchers", None)


class CouponVoucherAddMixin:
    """Says at once to whoever may not use the coupon; lets a guest go on whose address is not known yet."""

    def apply_voucher_to_basket(self, voucher):
        buying = import_module(BUYING)
        verdict = buying.verdict_of(self.request, voucher)
        if verdict is None or verdict.applies:
            super().apply_voucher_to_basket(voucher)
            if verdict is not None:
                self._name_minimum(voucher)
        elif buying.is_waiting(verdict):
            self._keep_for_guest(voucher, verdict, buying)
        else:
            messages.error(self.request, buying.sentence(verdict))

    def _keep_for_guest(self, voucher, verdict, buying):
        basket = self.request.basket
        # Oscar takes a voucher out again that gives no discount to this basket.
        with buying.Trust(basket, voucher):
            super().apply_voucher_to_basket(voucher)
        # What it waits for the basket says itself.
        self._name_minimum(voucher)

    def _name_minimum(self, voucher):
        """Oscar says of a basket that is too small only that it does not qualify."""
        basket = self.request.basket
        if voucher.is_active() and not basket.vouchers.filter(pk=voucher.pk).exists():
            sentence = import_module(MINIMUMS).missing_minimum(voucher, basket)
            if sentence:
                messages.warning(self.request, sentence)


class CouponBasketViewMixin:
    """The basket says why a coupon in it takes nothing off."""

    def get_basket_warnings(self, basket):
        buying = import_module(BUYING)
        sentences = [buying.sentence(refusal) for refusal in buying.refusals_in(basket)]
        return [*super().get_basket_warnings(basket), *sentences]

    def get_context_data(self, **kwargs):
        refusals = import_module(BUYING).refusals_in(self.request.basket)
        held = [refusal.about for refusal in refusals if refusal.about is not None]
        return super().get_context_data(held_coupons=held, **kwargs)


class CouponGatewayMixin:
    """Where a guest gives an address: says at once what would else be said at the end."""

    def form_valid(self, form):
        if form.is_guest_checkout():
            buying = import_module(BUYING)
            refusals = buying.refusals_for_guest(self.request.basket, form.cleaned_data["username"])
            if refusals:
                for refusal in refusals:
                    form.add_error("username", buying.sentence(refusal))
                return self.form_invalid(form)
        return super().form_valid(form)


class CouponSessionMixin:
    """For each step of the checkout, the one that takes the payment included."""

    def check_pre_conditions(self, request):
        super().check_pre_conditions(request)
        buying = import_module(BUYING)
        refusals = [found for found in buying.refusals_in(request.basket) if not buying.is_waiting(found)]
        if refusals:
            buying.take_out(request, refusals)
            raise FailedPreCondition(url=reverse("basket:summary"))


class CouponOrderMixin:
    """The last guard, for whatever places an order, in the transaction and with the vouchers locked."""

    def create_discount_model(self, order, discount):
        voucher = discount.get("voucher")
        if voucher and self._is_personal(order, voucher):
            self._coupons_with_discount.add((order.pk, voucher.pk))
        return super().create_discount_model(order, discount)

    def record_voucher_usage(self, order, voucher, user):
        """A personal coupon that took nothing off stays unused: its buyer could not even see it in the basket."""
        key = order.pk, voucher.pk
        if self._is_personal(order, voucher) and key not in self._coupons_with_discount:
            return None
        return super().record_voucher_usage(order, voucher, user)

    def _is_personal(self, order, voucher):
        """Raises UnableToPlaceOrder for one that this buyer may not use."""
        key = order.pk, voucher.pk
        if key not in self._coupons_asked:
            self._coupons_asked[key] = import_module(BUYING).ensure_usable(order, voucher)
        return self._coupons_asked[key]

    @cached_property
    def _coupons_asked(self):
        return {}

    @cached_property
    def _coupons_with_discount(self):
        return set()
