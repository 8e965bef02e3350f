"""Every Django setting of this package, in one place.

Each property is read when it is used, so that a change (``override_settings`` in a test, say) counts at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings


class Conf:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def _get(self, name: str, default: Any) -> Any:
        return getattr(settings, self.prefix + name, default)

    @property
    def CREATE_FOR_GUESTS(self) -> bool:
        """An order placed without an account creates a customer; with False it is linked only to a customer that exists."""
        return self._get("CREATE_FOR_GUESTS", True)

    @property
    def CREATE_ON_REGISTRATION(self) -> bool:
        """Registering an account in the shop creates a customer; with False the first order does."""
        return self._get("CREATE_ON_REGISTRATION", True)

    @property
    def CREATE_ON_NEWSLETTER(self) -> bool:
        """Subscribing an address to the newsletter creates a customer; with False it stays a contact until the first order."""
        return self._get("CREATE_ON_NEWSLETTER", True)

    @property
    def APPROVE_NEW_CUSTOMERS(self) -> bool:
        """New customers are approved buyers from the start; with False each waits for approval by staff."""
        return self._get("APPROVE_NEW_CUSTOMERS", True)

    @property
    def GUESTS_MAY_BUY(self) -> bool:
        """Somebody without an account may place orders; with False buyers must sign in or register first."""
        return self._get("GUESTS_MAY_BUY", True)

    @property
    def PRIVATE_ROOT(self) -> str:
        """Directory of the files of notes; it must not lie within MEDIA_ROOT. Empty: `customer_files` beside MEDIA_ROOT."""
        return self._get("PRIVATE_ROOT", "")

    @property
    def NOTE_FILE_TYPES(self) -> Sequence[str]:
        """Types of files, by the ending of their name, that may be attached to a note."""
        return self._get(
            "NOTE_FILE_TYPES",
            ("pdf", "png", "jpg", "jpeg", "gif", "webp", "txt", "csv", "eml", "docx", "xlsx", "odt", "ods"),
        )

    @property
    def NOTE_FILE_SIZE(self) -> int:
        """The most bytes that a file of a note may have."""
        return self._get("NOTE_FILE_SIZE", 10_485_760)

    @property
    def NOTE_FILES_AT_MOST(self) -> int:
        """The most files that a note may have."""
        return self._get("NOTE_FILES_AT_MOST", 10)

    @property
    def ABANDONED_AFTER_HOURS(self) -> int:
        """Hours after its last change from which a cart that was not ordered counts as abandoned."""
        return self._get("ABANDONED_AFTER_HOURS", 24)

    @property
    def CAPTURE_CART_EMAIL(self) -> bool:
        """The e-mail address that a guest types at the start of the checkout is kept beside the cart."""
        return self._get("CAPTURE_CART_EMAIL", False)

    @property
    def CART_EMAIL_DAYS(self) -> int:
        """Days for which such an address is kept."""
        return self._get("CART_EMAIL_DAYS", 30)

    @property
    def STAFF_MAY_CHANGE_EMAIL(self) -> bool:
        """Staff may change e-mail addresses of customers; with False nobody in the admin does."""
        return self._get("STAFF_MAY_CHANGE_EMAIL", True)

    @property
    def EMAIL_CHANGE_HOURS(self) -> int:
        """How many hours the customer has to confirm a new e-mail address that staff entered."""
        return self._get("EMAIL_CHANGE_HOURS", 72)

    @property
    def NUMBER_PATTERN(self) -> str:
        """Format of the customer number that is given to a new customer, over the primary key `pk`."""
        return self._get("NUMBER_PATTERN", "C{pk:06d}")

    @property
    def UNCOUNTED_ORDER_STATUSES(self) -> Sequence[str]:
        """Order statuses whose orders are left out of a customer's total."""
        return self._get("UNCOUNTED_ORDER_STATUSES", ("Cancelled",))

    @property
    def DELETE_WITH_ORDERS(self) -> str:
        """What deleting a customer who has orders does: "archive" hides the customer instead, "refuse" does nothing."""
        return self._get("DELETE_WITH_ORDERS", "archive")

    @property
    def PAYMENT_OF_STATUS(self) -> Mapping[str, str]:
        """Payment ("none", "authorised", "part_paid", "paid", "refunded") by order status, for orders without payment sources."""
        return self._get("PAYMENT_OF_STATUS", {})

    @property
    def FULFILMENT_OF_STATUS(self) -> Mapping[str, str]:
        """Fulfilment ("none", "part", "all") by order status, for orders without shipping events."""
        return self._get("FULFILMENT_OF_STATUS", {})

    @property
    def ROLES(self) -> Sequence[str]:
        """Names of the Django groups that staff may give to customers as roles; none of them may carry admin access."""
        return self._get("ROLES", ())

    @property
    def VAT_NUMBER(self) -> str:
        """The shop's own VAT number, with the letters of its country: named to the registry, and says where the shop is."""
        return self._get("VAT_NUMBER", "")

    @property
    def VAT_EXEMPTS_FOREIGN_COMPANIES(self) -> bool:
        """Companies with a valid VAT number of another EU country pay no tax on what is sent to another EU country."""
        return self._get("VAT_EXEMPTS_FOREIGN_COMPANIES", False)

    @property
    def VAT_REGISTRY(self) -> str:
        """Dotted path of the class that asks a registry about VAT numbers; empty: nobody is asked."""
        return self._get("VAT_REGISTRY", "oscar_customers_ext.tax.vat.registries.ViesRegistry")

    @property
    def VAT_REGISTRY_URL(self) -> str:
        """Where the registry VIES is reached."""
        return self._get("VAT_REGISTRY_URL", "https://ec.europa.eu/taxation_customs/vies/rest-api")

    @property
    def VAT_REGISTRY_TIMEOUT(self) -> int:
        """Seconds for which an answer of the registry is waited for, in the background."""
        return self._get("VAT_REGISTRY_TIMEOUT", 10)

    @property
    def VAT_VERDICT_DAYS(self) -> int:
        """Days for which the registry's verdict on a VAT number counts."""
        return self._get("VAT_VERDICT_DAYS", 30)

    @property
    def CLASS_LOADER(self) -> str:
        """Dotted path of the class loader that ours asks first; a site with a loader of its own names it here."""
        return self._get("CLASS_LOADER", "oscar.core.loading.default_class_loader")


conf = Conf("OSCAR_CUSTOMERS_")
