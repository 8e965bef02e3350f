from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import methods, repository


class Standard(methods.FixedPrice):
    code = "standard"
    name = _("Standard delivery")
    description = _("With you in three to five working days.")
    charge_excl_tax = Decimal("4.02")
    charge_incl_tax = Decimal("4.90")


class Express(methods.FixedPrice):
    code = "express"
    name = _("Express delivery")
    description = _("Ordered before noon, with you the next working day.")
    charge_excl_tax = Decimal("10.57")
    charge_incl_tax = Decimal("12.90")


class Repository(repository.Repository):
    methods = (Standard(), Express())
