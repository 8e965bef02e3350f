"""Where files of notes are kept: outside the public media path, under names that nobody can guess."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from oscar_customers_ext.conf import conf

#: Name of a storage that a site may define in ``STORAGES`` for them, a private bucket for example.
ALIAS = "oscar_customers_private"


def private_root() -> Path:
    return Path(conf.PRIVATE_ROOT or Path(settings.MEDIA_ROOT).absolute().parent / "customer_files")


def private_storage() -> Storage:
    if ALIAS in storages.backends:
        return storages[ALIAS]
    return FileSystemStorage(location=private_root(), base_url=None)


def upload_to(instance: Any, filename: str) -> str:
    return f"notes/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:10]}"
