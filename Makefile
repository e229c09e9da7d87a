# Needs Python 3.11 or newer and make; everything else is fetched by name and checked by hash.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SIZES ?= 10000,100000,1000000

.PHONY: help setup up test check tidy bench messages lock clean assets

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev assets ## make the environment: Python packages, front-end libraries

up: $(VENV)/.run assets ## start Svyaz in the foreground (PORT=8000, SVYAZ_STATE=var)
	@exec $(BIN)/svyaz up

test: setup ## run everything: unit tests, browser journeys, a second pass on an older PostgreSQL
	@$(BIN)/python -m tests.run $(TESTS)

check: setup ## lint, types, layers and the other guards
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	SVYAZ_SECRET_KEY=none SVYAZ_DATA_KEY=none DATABASE_URL=postgres:///none $(BIN)/mypy
	$(BIN)/python -m pytest -q tests/guards

tidy: setup ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure: make bench SIZES=10000,100000
	@$(BIN)/python -m bench --sizes $(SIZES)

messages: setup ## collect and compile the texts of the interface (gettext)
	$(BIN)/svyaz makemessages --locale ru --locale en --no-location --no-wrap --ignore '.venv/*' --ignore 'node_modules/*'
	$(BIN)/svyaz assets

lock: $(VENV)/.dev ## pin the packages anew, with their hashes (LOCK=--upgrade for newer ones)
	for name in requirements requirements-dev requirements-node; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 $(LOCK) $$name.in --output-file $$name.txt || exit 1; \
	done

clean: ## remove the environment (never the state in var/)
	rm -rf $(VENV) node_modules

$(BIN)/python:
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Svyaz needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Without --no-deps a package that the lock forgot would come unchecked; with --require-hashes it stops.
$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --only-binary :all: -r requirements.txt
	$(PIP) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

# What `svyaz assets` puts together: style files, icons by name, the texts of both languages.
ASSET_SOURCES = svyaz/cli/assets.py svyaz/desk/icons.py $(wildcard svyaz/desk/static/desk/css/*.css) \
  $(wildcard svyaz/desk/static/desk/css/parts/*.css) $(wildcard svyaz/locale/*/LC_MESSAGES/*.po)

# Node comes as a wheel where the machine has none.
$(VENV)/.node: requirements-node.txt $(VENV)/.run
	@command -v npm >/dev/null || $(PIP) --require-hashes --only-binary :all: -r requirements-node.txt
	@touch $@

# Every time, because it takes no time: it fetches and writes only what is missing or changed.
assets: $(VENV)/.node
	@$(BIN)/svyaz assets
