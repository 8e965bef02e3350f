from .customer import Customer
from .order import CustomerOrder
from .source import CustomerSource
from .verified_email import VerifiedEmail

__all__ = ["Customer", "CustomerOrder", "CustomerSource", "VerifiedEmail"]
