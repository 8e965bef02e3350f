"""Where files of notes are kept: outside the public media path, under names that nobody can guess."""

import os
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


class PrivateStorage(FileSystemStorage):
    """Files without an address, readable by the web server's own user. The directory is read from the setting when used."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    # Django's own caches these, and falls back to MEDIA_ROOT and MEDIA_URL.
    @property
    def base_location(self) -> str:
        return str(private_root())

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no URL.")


def private_storage() -> Storage:
    return storages[ALIAS] if ALIAS in storages.backends else PrivateStorage()


def upload_to(instance: Any, filename: str) -> str:
    return f"notes/{uuid.uuid4().hex}{Path(filename).suffix.lower()[:10]}"
