from oscar.apps.offer import applicator
from oscar.core.loading import get_model


class Applicator(applicator.Applicator):
    """Gives an offer of its own to staff, and keeps one back from everybody."""

    def get_user_offers(self, user):
        offers = get_model("offer", "ConditionalOffer").active.filter(name="For staff")
        return list(offers) if user and user.is_staff else []

    def get_offers(self, basket, user=None, request=None):
        return [
            offer for offer in super().get_offers(basket, user, request) if offer.name != "Not in this shop"
        ]
