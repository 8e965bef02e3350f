"""The tests' shop as Oscar ships it: without the package, its middleware, its loader and its urls."""

from benchmarks.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "oscar_customers_ext"]  # noqa: F405
MIDDLEWARE = [path for path in MIDDLEWARE if not path.startswith("oscar_customers_ext")]  # noqa: F405
OSCAR_DYNAMIC_CLASS_LOADER = "oscar.core.loading.default_class_loader"
