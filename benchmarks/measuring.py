"""The package switched on and off within one process, and what a piece of work costs."""

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, median_low
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.dispatch import Signal
from django.test import Client, override_settings
from django.test.client import ClientHandler

PACKAGE = "oscar_customers_ext."
TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Package:
    """Takes the package's receivers and middleware out and puts them back."""

    def __init__(self):
        signals = [thing for thing in gc.get_objects() if isinstance(thing, Signal)]
        self.receivers = {signal: list(signal.receivers) for signal in signals}
        # Django keeps who listens to whom; each of the two states keeps what it has found, as a running shop does.
        self.caches = {on: {signal: self._empty_cache(signal) for signal in signals} for on in (True, False)}
        ours = [entry for entries in self.receivers.values() for entry in entries if self._is_ours(entry)]
        assert len(ours) >= 4, "The package's receivers were not found."
        self.handlers = {True: self._handler(settings.MIDDLEWARE)}
        without = [path for path in settings.MIDDLEWARE if not path.startswith(PACKAGE)]
        assert without != settings.MIDDLEWARE
        self.handlers[False] = self._handler(without)

    @staticmethod
    def _is_ours(entry):
        dispatch_uid = entry[0][0]
        return isinstance(dispatch_uid, str) and dispatch_uid.startswith(PACKAGE)

    @staticmethod
    def _handler(middleware):
        handler = ClientHandler(enforce_csrf_checks=False)
        with override_settings(MIDDLEWARE=middleware):
            handler.load_middleware()
        return handler

    @contextmanager
    def switched(self, on):
        self._switch(on)
        try:
            yield
        finally:
            self._switch(True)

    def _switch(self, on):
        for signal, entries in self.receivers.items():
            signal.receivers = [entry for entry in entries if on or not self._is_ours(entry)]
            signal.sender_receivers_cache = self.caches[on][signal]

    @staticmethod
    def _empty_cache(signal):
        return WeakKeyDictionary() if signal.use_caching else {}

    def client(self, on, user=None):
        client = Client()
        client.handler = self.handlers[on]
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@contextmanager
def counted_statements():
    """A list of the statements sent; those that only mark a transaction are left out."""
    sent = []

    def note(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(TRANSACTION_CONTROL):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def milliseconds(work):
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    try:
        work()
    finally:
        elapsed = time.perf_counter() - started
        gc.enable()
    return elapsed * 1000


@dataclass
class Comparison:
    """What ``prepare(on)`` returns is the work to be measured, with the package (True) and without."""

    title: str
    without: float
    with_package: float
    added: float
    added_statements: int
    allowed_statements: int

    @property
    def allowed(self):
        return max(5.0, 0.15 * self.without)

    @property
    def passed(self):
        return self.added <= self.allowed and self.added_statements <= self.allowed_statements


def compare(title, package, prepare, *, pairs, allowed_statements, warm_up=5):
    times, counts = {True: [], False: []}, {True: [], False: []}
    for number in range(-2 * warm_up, pairs):
        # Whoever comes second in a pair finds warmer caches, so they take turns.
        for on in [True, False] if number % 2 else [False, True]:
            with package.switched(on):
                work = prepare(on)
                if number < -warm_up:
                    with counted_statements() as sent:
                        work()
                    counts[on].append(len(sent))
                else:
                    elapsed = milliseconds(work)
                    if number >= 0:
                        times[on].append(elapsed)
    return Comparison(
        title=title,
        without=median(times[False]),
        with_package=median(times[True]),
        added=median(with_it - without for with_it, without in zip(times[True], times[False], strict=True)),
        added_statements=median_low(counts[True]) - median_low(counts[False]),
        allowed_statements=allowed_statements,
    )
