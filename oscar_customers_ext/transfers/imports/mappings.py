"""How files with a header row were read the last time."""

from hashlib import sha256
from typing import Any

from django.utils import timezone

from oscar_customers_ext.transfers.shops.files import fields_of

from .failed_rows import header_of, kept_columns
from .models import ImportJob, ImportMapping
from .options import default_options
from .rights import fields_left_out


def header_digest(header: list[str]) -> str:
    names = "\n".join(" ".join(name.casefold().split()) for name in header)
    return sha256(names.encode("utf-8", "surrogatepass")).hexdigest()


def remembered_mapping(header: list[str]) -> ImportMapping | None:
    return ImportMapping.objects.filter(header_digest=header_digest(header)).first()


def remember_mapping(job: ImportJob, *, actor: Any = None) -> None:
    """Of the file, and of the file that its failed rows will be: whoever mends those is asked nothing.

    What ``actor`` could not choose stays as it was: it is no wish, and the next one may be allowed more.
    """
    former = remembered_mapping(job.header)
    left_out = fields_left_out(actor)
    chosen = set(job.mapping)
    usual = former.mapping if former else fields_of(job.header)
    mapping = [
        before if target is None and before not in chosen and _name(before) in left_out else target
        for target, before in zip(job.mapping, usual, strict=True)
    ]
    # Mail goes out only where it was asked for this time.
    options = {**job.options, "send_links": False}
    kept_options = (former.options if former else default_options(job.header).as_json()) if left_out else {}
    needed = {"accounts": "password", "consent": "newsletter", "unknown_groups": "groups"}
    options |= {
        name: kept_options[name] for name in needed if needed[name] in left_out and name in kept_options
    }
    kept = kept_columns(job.header, job.mapping)
    failed = header_of([job.header[place] for place in kept])
    _remember(failed, [*(mapping[place] for place in kept), None, None], options)
    _remember(job.header, mapping, options)


def _name(target: str | None) -> str:
    return (target or "").partition("@")[0]


def _remember(header: list[str], mapping: list[str | None], options: dict[str, Any]) -> None:
    ImportMapping.objects.update_or_create(
        header_digest=header_digest(header),
        defaults={"mapping": mapping, "options": options, "used_at": timezone.now()},
    )
