"""How files with a header row were read the last time."""

from hashlib import sha256

from django.utils import timezone

from .failed_rows import header_of, kept_columns
from .models import ImportJob, ImportMapping


def header_digest(header: list[str]) -> str:
    names = "\n".join(" ".join(name.casefold().split()) for name in header)
    return sha256(names.encode("utf-8", "surrogatepass")).hexdigest()


def remembered_mapping(header: list[str]) -> ImportMapping | None:
    return ImportMapping.objects.filter(header_digest=header_digest(header)).first()


def remember_mapping(job: ImportJob) -> None:
    """Of the file, and of the file that its failed rows will be: whoever mends those is asked nothing."""
    kept = kept_columns(job.header, job.mapping)
    failed = header_of([job.header[place] for place in kept])
    _remember(failed, [*(job.mapping[place] for place in kept), None, None], job)
    _remember(job.header, job.mapping, job)


def _remember(header: list[str], mapping: list[str | None], job: ImportJob) -> None:
    # Mail goes out only where it was asked for this time.
    options = {**job.options, "send_links": False}
    ImportMapping.objects.update_or_create(
        header_digest=header_digest(header),
        defaults={"mapping": mapping, "options": options, "used_at": timezone.now()},
    )
