import pytest

from tests.signals import recorded_signals


@pytest.fixture
def sent():
    """The package's public signals that were sent, see tests.signals.Sent."""
    with recorded_signals() as sent:
        yield sent
