# make sandbox   a demo shop on http://localhost:8000/
# make test      the whole test suite
# make bench     what is fast, measured (needs PostgreSQL; it says how to start one)
#
# DATABASE_URL=postgres://user:password@host:5432/name switches each of them to PostgreSQL.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
MANAGE = $(BIN)/python sandbox/manage.py
INSTALLED = $(VENV)/.installed

.PHONY: sandbox test bench lint docs messages clean

# Installed anew only when what is asked for has changed.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say make PYTHON=python3.12, for example.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $(INSTALLED)

sandbox: $(INSTALLED)
	@$(MANAGE) prepare_shop
	@$(MANAGE) runserver --noreload

test: $(INSTALLED)
	$(BIN)/python -m pytest $(ARGS)

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.run $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint oscar_customers_ext sandbox --check --quiet
	$(BIN)/djlint oscar_customers_ext sandbox --lint --quiet
	$(BIN)/mypy

docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

messages: $(INSTALLED)
	cd oscar_customers_ext && ../$(BIN)/django-admin makemessages --locale it --no-obsolete --no-wrap
	$(BIN)/pybabel compile --domain django --directory oscar_customers_ext/locale --statistics

clean:
	rm -rf $(VENV) .nox dist site sandbox/db.sqlite3* sandbox/media sandbox/mail
