"""The public import path of all models."""

from .contacts.models import Contact
from .customers.models import Customer, CustomerOrder, CustomerSource, VerifiedEmail

__all__ = ["Contact", "Customer", "CustomerOrder", "CustomerSource", "VerifiedEmail"]
