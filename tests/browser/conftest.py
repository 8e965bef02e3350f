"""The sandbox shop, served by a process of its own on a free port, and Debian's Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
# The last ones keep Chromium from asking its maker's hosts for updates.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PASSWORD = "sandbox-demo"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_served(url, server):
    for _attempt in range(150):
        if server.poll() is not None:
            pytest.fail(f"The sandbox stopped with exit code {server.returncode}.")
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail("The sandbox does not answer.")


@pytest.fixture(scope="session")
def sandbox_environment(tmp_path_factory):
    """What leads to an SQLite file of its own, whatever the rest of the suite runs on."""
    place = tmp_path_factory.mktemp("sandbox")
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{place}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }


@pytest.fixture(scope="session")
def sandbox(sandbox_environment):
    """The address of a freshly loaded demo shop."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    environment = sandbox_environment
    port = free_port()
    manage = [sys.executable, "sandbox/manage.py"]
    subprocess.run([*manage, "prepare_shop"], cwd=ROOT, env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        [*manage, "runserver", "--noreload", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_served(f"http://localhost:{port}/", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium(sandbox):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What the pages complained of: errors on the console, answers from 400 on, requests to another host."""
    return []


@pytest.fixture
def open_page(chromium, sandbox, complaints):
    """A new visitor's page; ``width`` in pixels, ``dark`` or light, language as the browser asks for it."""
    contexts = []

    def _open_page(*, width=1280, dark=False, language="en-GB"):
        context = chromium.new_context(
            base_url=sandbox,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=language,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "response", lambda response: complaints.append(response.url) if response.status >= 400 else None
        )
        page.on(
            "request",
            lambda request: complaints.append(request.url) if not is_own(request.url, sandbox) else None,
        )
        return page

    yield _open_page
    for context in contexts:
        context.close()


def is_own(url, sandbox):
    return url.startswith((sandbox, "data:", "blob:"))


@pytest.fixture
def open_admin(open_page):
    """The Wagtail admin, signed in as one of the demo's people."""

    def _open_admin(who="editor", **options):
        page = open_page(**options)
        page.goto("/admin/login/")
        page.fill("#id_username", f"{who}@example.com")
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    return _open_admin
