"""The only place that sends mail: after the commit, logged without the address, and never an error for the caller."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

logger = logging.getLogger("oscar_customers_ext")


def send(
    name: str,
    *,
    to: str,
    context: Mapping[str, Any],
    language: str = "",
    failed: Callable[[], None] | None = None,
) -> None:
    """Sends the mail ``name`` once the running transaction is committed; nothing when it is rolled back.

    Its templates are ``oscar_customers_ext/mail/<name>_subject.txt``, ``_body.txt`` and, where there is one,
    ``_body.html``, rendered now in ``language`` (a code like "it"; empty: the shop's default). It comes from
    OSCAR_FROM_EMAIL. A mail server that fails is logged with the name of the mail, and ``failed`` is called.
    """
    message = _compose(name, to, dict(context), language)
    transaction.on_commit(lambda: _deliver(name, message, failed), robust=True)


def _compose(name: str, to: str, context: dict[str, Any], language: str) -> EmailMultiAlternatives:
    template = f"oscar_customers_ext/mail/{name}"
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        body = render_to_string(f"{template}_body.txt", context)
        html: str = ""
        with suppress(TemplateDoesNotExist):
            html = render_to_string(f"{template}_body.html", context)
    sender = getattr(settings, "OSCAR_FROM_EMAIL", settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(subject, body, sender, [to])
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _deliver(name: str, message: EmailMultiAlternatives, failed: Callable[[], None] | None) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("The mail %s could not be sent", name)
        if failed is not None:
            failed()
