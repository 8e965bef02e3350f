from types import SimpleNamespace

from django.core.files.storage import default_storage
from oscar.core.thumbnails import AbstractThumbnailer


class OriginalPicture(AbstractThumbnailer):
    """The demo pictures are small already: the stylesheet scales them, nothing is computed."""

    def generate_thumbnail(self, source, **options):
        # Oscar passes an image file, or a stand-in that knows nothing but its name.
        return SimpleNamespace(url=default_storage.url(getattr(source, "name", source)))

    def delete_thumbnails(self, source):
        """Nothing was made, so nothing is left to delete."""
