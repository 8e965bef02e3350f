"""The public page of an offer. Imports no model at the top: Oscar asks for its classes while the apps are loading."""

from typing import Any

from django.http import Http404
from oscar.core.loading import get_class


class OfferDetailMixin:
    """Over Oscar's ``offer.views.OfferDetailView``: an offer for certain users is there for those only who get it.

    Oscar lists no offer of the type "User", but shows its page to everybody who knows the address.
    """

    def get_queryset(self) -> Any:
        if self.offer.offer_type == self.offer.USER and not self._is_given():  # type: ignore[attr-defined]
            raise Http404
        return super().get_queryset()  # type: ignore[misc]

    def _is_given(self) -> bool:
        # Asked as for a basket: a site may have ways of its own to give such an offer, or to keep it back.
        request = self.request  # type: ignore[attr-defined]
        applicator = get_class("offer.applicator", "Applicator")()
        offers = applicator.get_offers(request.basket, request.user, request)
        return any(offer.pk == self.offer.pk for offer in offers)  # type: ignore[attr-defined]
