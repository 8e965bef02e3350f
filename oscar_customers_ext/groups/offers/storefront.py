"""The public page of an offer. Imports no model at the top: Oscar asks for its classes while the apps are loading."""

from typing import Any

from django.apps import apps
from django.http import Http404

from .applicator import buyer_of


class OfferDetailMixin:
    """Over Oscar's ``offer.views.OfferDetailView``: for others than members an offer of groups is not there.

    Oscar lists no offer of the type "User", but shows its page to everybody who knows the address.
    """

    def get_queryset(self) -> Any:
        if self.offer.offer_type == self.offer.USER and not self._is_shown():  # type: ignore[attr-defined]
            raise Http404
        return super().get_queryset()  # type: ignore[misc]

    def _is_shown(self) -> bool:
        links = apps.get_model("oscar_customers_ext.GroupOffer").objects.filter(offer=self.offer)  # type: ignore[attr-defined]
        if not links.exists():
            return True
        request = self.request  # type: ignore[attr-defined]
        customer = buyer_of(request.user, request)
        return customer is not None and links.of_groups_of(customer).exists()
