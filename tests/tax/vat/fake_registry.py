"""A registry on loopback that speaks VIES's protocol, and misbehaves on demand."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VALID = {"valid": True, "name": "ACME S.R.L.", "requestIdentifier": "WAPIAAAAXYZ"}
INVALID = {"valid": False, "name": "---", "requestIdentifier": ""}


def unavailable(fault):
    """As VIES says it beside a verdict that counts for nothing."""
    return {"valid": False, "userError": fault, "name": "---"}


class FakeRegistry:
    """``answers`` by number (like "IT00743110157"): what goes into the answer, or a function of the handler."""

    def __init__(self, url):
        self.url = url
        self.answers = {}
        self.questions = []
        self.headers = []

    @property
    def asked(self):
        return [question["countryCode"] + question["vatNumber"] for question in self.questions]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        registry = self.server.registry
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        registry.questions.append(question)
        registry.headers.append(dict(self.headers))
        if self.path != "/rest-api/check-vat-number":
            self.send_error(404)
            return
        answer = registry.answers.get(question["countryCode"] + question["vatNumber"], INVALID)
        if callable(answer):
            answer(self)
            return
        told = {
            "countryCode": question["countryCode"],
            "vatNumber": question["vatNumber"],
            "requestDate": "2026-11-22T08:00:00.000Z",
            **answer,
        }
        self.tell(json.dumps(told).encode())

    def tell(self, content, *, status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


def garbage(handler):
    handler.tell(b"<html>down for maintenance</html>")


def a_list(handler):
    handler.tell(b"[true]")


def nothing(handler):
    handler.tell(b"")


def broken(handler):
    handler.tell(json.dumps(VALID).encode(), status=500)


def refused(handler):
    handler.tell(b'{"actionSucceed": false, "errorWrappers": [{"error": "INVALID_INPUT"}]}', status=400)


def moved(handler):
    handler.tell(b"", status=307, Location=f"{handler.server.registry.url}/check-vat-number?again")


def packed(handler):
    handler.tell(b"\x1f\x8b\x08\x00", **{"Content-Encoding": "gzip"})


def huge(handler):
    handler.send_response(200)
    handler.end_headers()
    write(handler, b'{"valid": true, "name": "' + b"x" * 5_000_000 + b'"}')


def slow(handler):
    time.sleep(3)


def trickling(handler):
    """Never silent for long, and never done."""
    handler.send_response(200)
    handler.end_headers()
    for _second in range(30):
        write(handler, b" ")
        time.sleep(0.1)


def write(handler, content):
    try:
        handler.wfile.write(content)
        handler.wfile.flush()
    except OSError:
        pass  # whoever asked has gone


@contextmanager
def running_registry():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *args: None
    server.registry = FakeRegistry(f"http://127.0.0.1:{server.server_port}/rest-api")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
