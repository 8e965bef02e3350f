"""Shipping for those who pay no tax. Imports no model at the top, see ``loader``."""

import copy
from collections.abc import Iterable
from typing import Any

from .stand_ins import ExemptMethod
from .strategy import is_exempt


def exempt_method(method: Any) -> Any:
    """The method without tax. One that a discount lies over is exempt below the discount, too, which is taken from it."""
    if isinstance(method, ExemptMethod):
        return method
    discounted = getattr(method, "method", None)
    if hasattr(discounted, "calculate") and not isinstance(discounted, ExemptMethod):
        method = copy.copy(method)
        method.method = ExemptMethod(discounted)
    return ExemptMethod(method)


def exempt_methods(methods: Iterable[Any], basket: Any) -> Any:
    return [exempt_method(method) for method in methods] if is_exempt(basket) else methods


class RepositoryMixin:
    """Over ``shipping.repository.Repository``: a site may override any of the three."""

    def get_available_shipping_methods(self, basket: Any, *args: Any, **kwargs: Any) -> Any:
        # Before shipping offers are laid over them.
        methods = super().get_available_shipping_methods(basket, *args, **kwargs)  # type: ignore[misc]
        return exempt_methods(methods, basket)

    def get_shipping_methods(self, basket: Any, *args: Any, **kwargs: Any) -> Any:
        methods = super().get_shipping_methods(basket, *args, **kwargs)  # type: ignore[misc]
        return exempt_methods(methods, basket)

    def get_default_shipping_method(self, basket: Any, *args: Any, **kwargs: Any) -> Any:
        method = super().get_default_shipping_method(basket, *args, **kwargs)  # type: ignore[misc]
        return exempt_method(method) if is_exempt(basket) else method
