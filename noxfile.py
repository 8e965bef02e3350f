"""The supported stacks. ``nox`` runs the test suite on each whose Python is installed."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

STACKS = {
    "oldest": ("3.11", "Django>=5.2,<6.0", "wagtail>=7.4,<8.0"),
    "middle": ("3.12", "Django>=6.1,<6.2", "wagtail>=8.0,<9.0"),
    "newest": ("3.13", "Django>=6.1,<6.2", "wagtail>=8.0,<9.0"),
}


def run_tests(session, django, wagtail):
    session.install("--upgrade", "pip>=25.1")
    session.run("python", "-m", "pip", "install", "--quiet", ".", django, wagtail, "--group", "test")
    session.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "oscar-customers-ext")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=STACKS["oldest"][0])
def oldest(session):
    run_tests(session, *STACKS["oldest"][1:])


@nox.session(python=STACKS["middle"][0])
def middle(session):
    run_tests(session, *STACKS["middle"][1:])


@nox.session(python=STACKS["newest"][0])
def newest(session):
    run_tests(session, *STACKS["newest"][1:])
