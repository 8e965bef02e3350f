import pytest

from .fake_registry import running_registry


@pytest.fixture
def registry(settings):
    with running_registry() as found:
        settings.OSCAR_CUSTOMERS_VAT_REGISTRY_URL = found.url
        yield found


@pytest.fixture
def worker(settings):
    """A shop with a worker for tasks: ``worker.results`` are those that wait for it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    from django_tasks import default_task_backend

    default_task_backend.clear()
    return default_task_backend
