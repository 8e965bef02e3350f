"""The tests' shop, so that what is measured is Oscar and the package and little else."""

from tests.settings import *  # noqa: F403

DEBUG = False
OSCAR_THUMBNAILER = "sandbox.shop.thumbnails.OriginalPicture"
