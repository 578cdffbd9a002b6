# Wushi. Two commands: `make up` and `make test`.
# Settings: WUSHI_HOME, WUSHI_PORT, DATABASE_URL + DATABASE_OWNER_URL ... (src/wushi/config/env.py names them all).
# Options of `wushi up` go into ARGS:  make up ARGS="--host 0.0.0.0 --cert cert.pem --key key.pem"

PYTHON ?= $(shell sh tools/python3.sh)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help up install dev down reset status check test test-long bars screens guides lighthouse taps lock system-packages

help:
	@echo "make up         install and run everything (ARGS: options of wushi up)"
	@echo "make down       stop it"
	@echo "make reset      delete all data (asks first; YES=1 does not)"
	@echo "make status     what runs, and where"
	@echo "make test       the whole test suite      make test-long   the long ones"
	@echo "make check      ruff, mypy, imports, house tests, translations, migrations"
	@echo "make bars       benchmarks                make screens     pictures of all pages"
	@echo "make guides     pictures of the help      make taps        count taps   make lighthouse  measure pages"

up: install
	@exec $(BIN)/wushi up $(ARGS)

install:
	@$(PYTHON) tools/install.py

dev:
	@$(PYTHON) tools/install.py dev

down: install
	@$(BIN)/wushi down

reset: install
	@$(BIN)/wushi reset $(if $(filter 1,$(YES)),--yes)

status: install
	@$(BIN)/wushi status

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src
	$(BIN)/lint-imports
	@if [ -d tests/house ]; then set -x; $(PYTEST) -q tests/house; fi
	@if [ -f tools/translations.py ]; then set -x; $(BIN)/python tools/translations.py check; fi
	$(BIN)/wushi check --migrations

system-packages:
	@$(PYTHON) tools/system_packages.py

test: dev system-packages
	$(PYTEST) tests --ignore=tests/long $(ARGS)

test-long: dev system-packages
	@if [ -d tests/long ]; then set -x; $(PYTEST) tests/long $(ARGS); else echo "tests/long is empty."; fi

bars: dev
	$(BIN)/python -m benchmarks $(ARGS)

screens: dev system-packages
	$(BIN)/python tools/screens.py $(ARGS)

guides: dev system-packages
	$(BIN)/python tools/guides.py $(ARGS)

taps: dev system-packages
	$(BIN)/python tools/taps.py $(ARGS)

# Needs node 18 or newer beside Chromium; installs by tools/lighthouse/package-lock.json.
lighthouse: dev system-packages
	$(BIN)/python tools/lighthouse.py $(ARGS)

# The locks hold hashes for every platform and no host's name.
lock: dev
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --extra embedded pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --extra embedded --extra dev --constraint requirements.txt pyproject.toml -o requirements-dev.txt
