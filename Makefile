# Tequio. Only Python 3.11+ and make are assumed; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run
DEV_STAMP := $(VENV)/.dev
ASSETS := $(VENV)/.assets
DEV_ASSETS := $(VENV)/.dev-assets
ASSET_LISTS := console/assets/package-lock.json console/assets/install.py console/assets/icons.py
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKAGES := app bot console engine transports campaigns alerts directory delivery contacts staff db locales kit

.PHONY: run demo cluster assets test check bench screenshots texts lock clean

run: $(ASSETS) ## Start the platform; without providers, in trial mode with the handset.
	@$(BIN)/tequio run

demo: $(ASSETS) ## The same with invented people, a campaign under way and an open case.
	@$(BIN)/python -m app.demo
	@$(BIN)/tequio run

cluster: $(DEV_ASSETS) ## The separate processes on a private PostgreSQL, in trial mode.
	@$(BIN)/python -m app.cluster

assets: $(RUN_STAMP) ## The third-party files of the console's pages, once more.
	$(BIN)/python -m console.assets.install
	@touch $(ASSETS)

test: $(DEV_ASSETS) ## Every test, on SQLite and on a real PostgreSQL.
	$(BIN)/python -m pytest -q -n 3 --dist loadgroup

check: $(DEV_STAMP) ## Format, lint, types, import contracts, catalogues.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m locales.check

bench: $(DEV_ASSETS) ## The figures, each beside its reference in the same run.
	$(BIN)/python -m bench

screenshots: $(DEV_ASSETS) ## Every page at both widths and in both languages, and the pictures of docs/.
	PICTURES=docs $(BIN)/python -m pytest -q tests/browser/test_usability.py
	$(BIN)/python -m tests.browser.screenshots

texts: $(DEV_STAMP) ## Bring the catalogues up to the keys in the code.
	$(BIN)/python -m locales.update

lock: ## Write the lock files anew (needs uv; no address of a registry goes in).
	printf 'hatchling\neditables\n' > .lock.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -q -o requirements.lock .lock.in pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -q -o requirements-dev.lock .lock.in pyproject.toml --extra dev -c requirements.lock
	rm .lock.in

clean: ## Forget what was installed and what tests left; var/ with your data stays.
	rm -rf $(VENV) console/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m tests.browser.install
	@touch $@

# Without these files pages are plain and everything else works: a failure stops nothing.
$(ASSETS): $(ASSET_LISTS) $(RUN_STAMP)
	@if $(BIN)/python -m console.assets.install; then touch $@; fi

$(DEV_ASSETS): $(ASSET_LISTS) $(DEV_STAMP)
	$(BIN)/python -m console.assets.install --dev
	@touch $@ $(ASSETS)
