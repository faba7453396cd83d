# Everything runs in an environment of its own, built from the locks in requirements/.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= auto
BIN := $(VENV)/bin

# The bench joins the checks as soon as it holds a module.
CHECKED := src tests docs $(if $(wildcard bench/*.py),bench)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS) --maxprocesses 8
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup forecast ledger-demo test fast slow check format-check lint types imports data \
	format lock golden docs bench clean

# Lists the targets.
help:
	@awk '/^# /{text = substr($$0, 3)} /^[a-z][a-z-]*:/{if (text != "") \
		{sub(/:.*/, ""); printf "  %-14s %s\n", $$0, text}} !/^# /{text = ""}' Makefile

# Builds the environment for work on the project, or brings it up to date.
setup: $(VENV)/.dev

# Runs the main job and writes its report, in an environment with only what a user needs.
forecast: $(VENV)/.runtime
	$(BIN)/headworks forecast h200-2026 --report h200-2026.html

# Plays the first approvals of January 2026 into a ledger, and shows what is left.
ledger-demo: $(VENV)/.runtime
	rm -f january-2026.db january-2026.db-wal january-2026.db-shm
	$(BIN)/headworks ledger init --ledger january-2026.db --administrator root
	$(BIN)/headworks ledger import january-2026 --ledger january-2026.db
	$(BIN)/headworks ledger balance --ledger january-2026.db
	$(BIN)/headworks ledger licence list --ledger january-2026.db
	$(BIN)/headworks ledger may-pass cn-1 1 20000 --on 2026-01-31 --ledger january-2026.db \
		|| test $$? -eq 1 # the answer is no
	$(BIN)/headworks ledger verify --ledger january-2026.db

# Runs all tests, the fast tier before the slow one.
test: fast
	$(PYTEST) -m "slow or hypothesis"

# Runs the fast tier of tests, with a quarter of the examples of each property.
fast: $(VENV)/.dev
	$(PYTEST) -m "not slow" --few-examples

# Runs the slow tier of tests: browsers, kills, races, all examples of all properties.
slow: $(VENV)/.dev
	$(PYTEST) -m "slow or hypothesis"

# Checks everything that needs no run of the model.
check: format-check lint types imports data

# Checks the format without changing a file.
format-check: $(VENV)/.dev
	$(BIN)/ruff format --check $(CHECKED)

# Checks the style of the code.
lint: $(VENV)/.dev
	$(BIN)/ruff check $(CHECKED)

# Checks the types, strictly, of source, tests and bench.
types: $(VENV)/.dev
	$(BIN)/mypy --strict $(CHECKED)

# Checks which room imports which.
imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --quiet tests/contract/test_rooms.py

# Checks the data that the package ships.
data: $(VENV)/.dev
	$(BIN)/python -m pytest --quiet tests/data

# Formats the code and mends what the linter can mend by itself.
format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only --quiet $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

# Locks the dependencies anew; `make lock UPGRADE=--upgrade` also takes newer releases.
lock: $(VENV)/.dev
	$(COMPILE) --group dev --output-file requirements/dev.lock pyproject.toml
	$(COMPILE) --group build --constraint requirements/dev.lock \
		--output-file requirements/runtime.lock pyproject.toml

# Writes the golden tables anew; read the difference before you commit it.
golden: $(VENV)/.dev
	$(BIN)/python -m pytest tests/golden --update-golden

# Writes the outputs and the generated pages of the docs anew; read the difference.
docs: $(VENV)/.dev
	$(BIN)/python -m pytest tests/e2e/test_docs.py --update-golden

# Measures speed and memory beside the reference models; takes minutes.
bench: $(VENV)/.dev
	$(BIN)/python -m bench

# Removes the environment and everything that was built.
clean:
	rm -rf $(VENV) .venv-ci build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find $(wildcard src tests bench) -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		"headworks needs Python 3.11 or later; name one, as in: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements/runtime.lock pyproject.toml
	$(PIP) --require-hashes --requirement requirements/runtime.lock
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	$(PIP) --require-hashes --requirement requirements/dev.lock
	@touch $@
