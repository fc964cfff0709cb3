# What people and CI run. `make help` lists it; Python 3.11 or newer and make are enough.

PYTHON ?= python3
PORT ?= 8000
# One more than the two cores of a small machine: many tests wait for a server.
WORKERS ?= 3
TESTS ?= tests
NAME ?=
AGAINST ?=

UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
# Python would compile every module anew at every start of anything.
unexport PYTHONDONTWRITEBYTECODE

# An environment is right for one set of locks at one place: the stamps carry both in their names.
TOOLS_STAMP := .tools/.ready-$(shell cksum < requirements-tools.lock | cut -d ' ' -f 1)
KEY := $(shell { cat requirements*.lock; sed -n '/^\[project.scripts/,/^\[tool.alembic/p' pyproject.toml; pwd; } \
	| cksum | cut -d ' ' -f 1)
DEV := .venv/.dev-$(KEY)
# The demonstration needs less than the tests do, but must not take away what they need.
RUN := $(if $(wildcard .venv/.dev-*),$(DEV),.venv/.run-$(KEY))

LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset setup test lint format faults fuzz bench words parameters spine draw migration openapi lock

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: $(RUN) ## Set up, load the demonstration and serve it on http://127.0.0.1:8000 (PORT= moves it)
	@$(BIN)/saferplan demo --port $(PORT)

demo-reset: $(RUN) ## Begin the demonstration afresh, dropping what was entered in it
	@$(BIN)/saferplan demo --reset --port $(PORT)

setup: $(DEV) ## Install everything that development and tests need

test: $(DEV) ## Run every test, on SQLite and PostgreSQL (TESTS= narrows, ARGS= passes options)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS) $(ARGS)

lint: $(DEV) ## Check style, types and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo

format: $(DEV) ## Lay the code out as lint wants it
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

faults: $(DEV) ## Crash, concurrency and tampering tests in their long form
	@$(BIN)/python -m pytest tests/faults tests/contract/test_record.py \
		tests/contract/test_random_writes.py --long $(ARGS)

fuzz: $(DEV) ## Schemathesis in its long form: six callers, 10,000 requests and more each
	@$(BIN)/python -m pytest -n $(WORKERS) tests/contract/test_schemathesis.py --long \
		-o faulthandler_timeout=0 --durations=0 $(ARGS)

bench: $(DEV) ## Measure the service beside a floor and an ORM endpoint (AGAINST= beside another commit)
	@$(BIN)/python -m tests.benchmarks $(if $(AGAINST),--against='$(AGAINST)') $(ARGS)

words: $(DEV) ## Print the share of names that are hard to read (ARGS=--places says where each is)
	@$(BIN)/python -m tests.reading.words $(ARGS)

parameters: $(DEV) ## Print the functions that take more than five parameters
	@$(BIN)/python -m tests.reading.parameters

spine: $(DEV) ## Print the modules that a figure's post goes through, from its handler to its last flush
	@$(BIN)/python -m tests.reading.spine

draw: $(DEV) ## Print ten functions drawn at random (ARGS='--seed 7 --bodies')
	@$(BIN)/python -m tests.reading.draw $(ARGS)

migration: $(DEV) ## Draft the next migration from the models (NAME=add_grants)
	@case "$(NAME)" in ''|*[!a-z0-9_]*) echo 'say what it does: make migration NAME=add_grants' >&2; exit 1;; esac
	@mkdir -p var && rm -f var/migration.db*
	@DATABASE_URL=sqlite:///var/migration.db $(BIN)/python -m alembic upgrade head
	@number=$$(ls migrations/versions/[0-9]*.py 2>/dev/null | wc -l); \
		revision="$$(printf '%04d' $$((number + 1)))_$(NAME)"; \
		DATABASE_URL=sqlite:///var/migration.db $(BIN)/python -m alembic revision --autogenerate \
			--rev-id "$$revision" -m "$(NAME)" && \
		$(BIN)/ruff check --quiet --fix-only "migrations/versions/$$revision.py" && \
		$(BIN)/ruff format --quiet "migrations/versions/$$revision.py"
	@rm -f var/migration.db*

openapi: $(DEV) ## Write openapi/ anew from the code
	@$(BIN)/saferplan openapi

lock: $(TOOLS_STAMP) ## Resolve the dependencies anew (ARGS=--upgrade takes newer versions)
	@$(LOCK) $(ARGS) --group pyproject.toml:tools -o requirements-tools.lock
	@$(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	@$(LOCK) $(ARGS) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(TOOLS_STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Saferplan needs Python 3.11 or newer: say which, as in make demo PYTHON=python3.12' >&2; exit 1; }
	@echo 'Fetching the installer (uv)'
	@export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1; \
	if $(PYTHON) -m pip --version > /dev/null 2>&1; then \
		set -- $(PYTHON) -m pip install --quiet --upgrade --no-deps; \
	elif command -v uv > /dev/null; then \
		set -- uv pip install --quiet --no-deps --python $(PYTHON); \
	elif $(PYTHON) -m venv .tools/venv > /dev/null 2>&1; then \
		set -- .tools/venv/bin/python -m pip install --quiet --upgrade --no-deps; \
	else \
		echo 'This Python has neither pip nor venv: install pip (on Debian, the package python3-pip)' >&2; exit 1; \
	fi; \
	"$$@" --require-hashes --target .tools -r requirements-tools.lock
	@rm -f .tools/.ready-* && touch "$@"

.venv/.run-$(KEY): LOCKED := requirements.lock
$(DEV): LOCKED := requirements-dev.lock
.venv/.run-$(KEY) $(DEV): $(TOOLS_STAMP)
	@if ! grep -qxF "$$(pwd)" .venv/.place 2>/dev/null || ! $(BIN)/python -c '' 2>/dev/null; then \
		echo 'Making a Python environment in .venv' && \
		$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv && \
		pwd > .venv/.place; fi
	@echo 'Installing what $(LOCKED) pins'
	@$(UV) pip sync --python $(BIN)/python --require-hashes $(LOCKED)
	@$(UV) pip install --python $(BIN)/python --quiet --no-index --no-deps --editable .
	@rm -f .venv/.run-* .venv/.dev-* && touch "$@"
