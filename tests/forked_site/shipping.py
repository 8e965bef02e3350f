from decimal import Decimal

from oscar.apps.shipping import methods, repository


class Courier(methods.FixedPrice):
    code = "courier"
    name = "Courier"
    charge_excl_tax = Decimal("5.00")
    charge_incl_tax = Decimal("6.10")


class Repository(repository.Repository):
    methods = [Courier()]
