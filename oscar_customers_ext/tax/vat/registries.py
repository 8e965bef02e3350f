"""Who says whether a VAT number is in force. A site names a class of its own in OSCAR_CUSTOMERS_VAT_REGISTRY."""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from django.utils.module_loading import import_string

from oscar_customers_ext.conf import conf
from oscar_customers_ext.customers.vat_numbers import EU_PREFIXES, canonical, prefix_of_number

logger = logging.getLogger("oscar_customers_ext")

VALID, INVALID, UNAVAILABLE = "valid", "invalid", "unavailable"

#: An answer of the registry is some hundred bytes.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What a registry said: ``state`` is "valid", "invalid" or "unavailable"."""

    state: str
    company_name: str = ""
    #: The registry's proof of the question, where it gives one.
    consultation_number: str = ""


class Registry(Protocol):
    def supports(self, number: str) -> bool:
        """Whether the registry knows numbers of this country; ``number`` is as stored, like "IT00743110157"."""

    def ask(self, number: str, *, timeout: float) -> Answer:
        """Asks within so many seconds. "invalid" is the registry's own word; whatever fails is "unavailable"."""


def get_registry() -> Registry | None:
    """The registry of this shop; None where nobody is asked."""
    return import_string(conf.VAT_REGISTRY)() if conf.VAT_REGISTRY else None


class ViesRegistry:
    """The European Commission's VIES, over its REST interface."""

    def supports(self, number: str) -> bool:
        return prefix_of_number(number) in {*EU_PREFIXES, "XI"}

    def ask(self, number: str, *, timeout: float) -> Answer:
        question = self._question(number)
        try:
            told = self._post(question, timeout)
            return self._answer(question, told)
        except (requests.RequestException, ValueError) as error:
            # A number that is not checked is no secret, but the answer's text may be anything.
            logger.warning("The registry of VAT numbers gave no answer: %s", type(error).__name__)
            return Answer(UNAVAILABLE)

    def _question(self, number: str) -> dict[str, str]:
        question = {"countryCode": number[:2], "vatNumber": number[2:]}
        own = canonical(conf.VAT_NUMBER)
        if own:
            question |= {"requesterMemberStateCode": own[:2], "requesterNumber": own[2:]}
        return question

    def _post(self, question: dict[str, str], timeout: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        url = f"{conf.VAT_REGISTRY_URL.rstrip('/')}/check-vat-number"
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        with requests.post(
            url, json=question, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            if response.status_code != requests.codes.ok or response.headers.get("Content-Encoding"):
                raise ValueError("no answer")
            content = bytearray()
            # One byte at a time: requests' own timeout begins anew with each piece that trickles in.
            for byte in response.iter_content(1):
                content += byte
                if len(content) > MOST_BYTES or time.monotonic() > deadline:
                    raise ValueError("too long")
        told = json.loads(bytes(content))
        if not isinstance(told, dict):
            raise ValueError("no object")
        return told

    def _answer(self, question: dict[str, str], told: dict[str, Any]) -> Answer:
        for name in ("countryCode", "vatNumber"):
            if name in told and told[name] != question[name]:
                raise ValueError("another number")
        valid, fault = told.get("valid"), told.get("userError") or ""
        if not isinstance(valid, bool) or fault not in ("", "VALID" if valid else "INVALID"):
            # MS_UNAVAILABLE, MS_MAX_CONCURRENT_REQ, TIMEOUT, INVALID_INPUT, INVALID_REQUESTER_INFO ...
            raise ValueError("no verdict")
        return Answer(
            VALID if valid else INVALID,
            company_name=_text(told.get("name"), 255) if valid else "",
            consultation_number=_text(told.get("requestIdentifier"), 64),
        )


def _text(value: Any, length: int) -> str:
    """On one line, and without what no database takes. Three dashes are VIES's way to say nothing."""
    if not isinstance(value, str):
        return ""
    text = "".join(character if character.isprintable() else " " for character in value)
    text = " ".join(text.split())[:length]
    return "" if text == "---" else text
