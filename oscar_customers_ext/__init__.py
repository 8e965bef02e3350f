"""Customer management for django-oscar shops, inside the Wagtail admin."""

__version__ = "0.1.0.dev0"
