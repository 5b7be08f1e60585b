# `make run` and `make test` set everything up by themselves; they need Python 3.11 or newer, pip and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
# Several processes start: Python may have been told (PYTHONDONTWRITEBYTECODE) that none of them keeps what it compiles.
COMPILED := $(BIN)/python -m compileall -qq -j 0 innovation workflows || true
CODE := innovation workflows tests tools bench

.PHONY: help setup run test check bench soak lint format types imports declared audit templates vendor words lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## Install everything that developing needs into .venv

run: $(VENV)/.core ## Set up, migrate, load the demo world into an empty database, serve on 127.0.0.1:5000
	@$(COMPILED)
	@exec $(BIN)/gatehouse run

test: $(VENV)/.dev ## Run every test, those in a browser too
	@$(BIN)/python tools/run_tests.py

check: lint types imports declared templates vendor audit test ## Everything that must be green: format, lint, types, import rules, tests

bench: $(VENV)/.dev ## Measure what has a limit: a transition, assigning, pages, writes, growth, the log, a meeting, a clinic, two machines, matching, past awards, budgets, readings of pilots (an hour)
	@$(COMPILED)
	@for name in firing assigning pages writes growth log meeting clinic failover matching awards budgets pilots; do echo "bench/$$name.py"; $(BIN)/python bench/$$name.py || exit 1; done

soak: $(VENV)/.dev ## Half an hour of mixed work by fifty people
	@$(COMPILED)
	@$(BIN)/python bench/soak.py

lint: $(VENV)/.dev ## Format and lint rules
	$(BIN)/ruff format --check $(wildcard $(CODE))
	$(BIN)/ruff check $(wildcard $(CODE))

format: $(VENV)/.dev ## Put the code into shape
	$(BIN)/ruff check --fix $(wildcard $(CODE))
	$(BIN)/ruff format $(wildcard $(CODE))

types: $(VENV)/.dev ## Static types
	$(BIN)/mypy

imports: $(VENV)/.dev ## Which module may know which
	$(BIN)/lint-imports

declared: $(VENV)/.dev ## What is imported is declared, and the other way round
	$(BIN)/deptry innovation workflows

audit: $(VENV)/.dev ## Known faults in the packages we lock; says LEFT OUT where it cannot ask
	@$(BIN)/python tools/audit.py

templates: $(VENV)/.dev ## Mistakes in templates
	$(BIN)/djlint templates --lint --quiet

vendor: $(VENV)/.dev ## Vendored browser files are unchanged and licensed
	$(BIN)/python tools/vendor.py --check

words: $(VENV)/.dev ## Bring the catalogues of other languages up to date, and list what is missing in them
	@$(BIN)/python tools/words.py --list

lock: $(VENV)/.uv ## Resolve the dependencies again, within the ranges of pyproject.toml
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade --group dev --group e2e --constraint requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock requirements-bootstrap.in -o requirements-bootstrap.lock

clean: ## Remove what was built, and .venv; instance/ and its data stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find innovation workflows tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The virtual environment, uv (much faster than pip) and the build backend, each checked by its hash.
$(VENV)/.uv: requirements-bootstrap.lock
	@found=; for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; done; \
	if [ -z "$$found" ]; then echo "Gatehouse needs Python 3.11 or newer, and found none. Install it, then try again." >&2; exit 1; fi; \
	test -x $(BIN)/python || $$found -m venv $(VENV) || { \
		echo "Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		rm -rf $(VENV); exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(VENV)/.core: $(VENV)/.uv requirements.lock pyproject.toml
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(COMPILED)
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements-dev.lock
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
