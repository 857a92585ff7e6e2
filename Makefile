PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# An environment that could not be made as a whole would be taken for one by the next run.
make_venv = @$(PYTHON) -m venv --clear $(1) || \
  { rm -rf $(1); echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
MUTANTS := 300
SEED := 1
PROCESSES := 2
ARTICLES := $(if $(RIC_ARTICLES),--articles "$(RIC_ARTICLES)")

.PHONY: build test test-slow test-all check verify rehearse soak mutants lint compat interop wheel site screenshot browser bench docs requirements clean help

build: $(VENV)/.build ## validate the annotations and write the tables that they give now
	$(BIN)/python build_dataset.py build $(ARTICLES)

test: $(VENV)/.test ## run the fast tests
	$(BIN)/python -m pytest -n auto --dist worksteal

test-slow: $(VENV)/.test ## run the slow tests: kills, histories, browser, wheel
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

test-all: test test-slow ## run all tests

check: $(VENV)/.build ## validate only
	$(BIN)/python build_dataset.py check $(ARTICLES)

lint: $(VENV)/.test ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

verify: $(VENV)/.build ## check that published versions are unmodified, and that raw/ gives the newest
	$(BIN)/python build_dataset.py verify

rehearse: $(VENV)/.test ## release three times in a clone of the last commit, and test it
	$(BIN)/python tests/rehearsal/rehearse.py

soak: $(VENV)/.test ## stop a release before and after each of its writes, in four ways (half an hour)
	RIC_KILLS=all $(BIN)/python -m pytest -n auto -rP -m "" tests/versions/test_kills.py

mutants: $(VENV)/.mutants ## count how many of 300 random changes of the code the fast tests notice (an hour)
	$(BIN)/python tests/mutants/mutants.py --mutants $(MUTANTS) --seed $(SEED) --processes $(PROCESSES)

compat: wheel $(VENV)-oldest/.installed $(VENV)-newest/.installed ## try wheel and README with the oldest and the newest pandas
	for age in oldest newest; do \
	  $(VENV)-$$age/bin/python -m pip --disable-pip-version-check install --quiet --no-index --no-deps \
	    --force-reinstall dist/russia_iran_claims-*.whl && $(VENV)-$$age/bin/python tests/package/compat.py || exit 1; done

interop: $(VENV)/.test ## load the tables with every client that is installed
	$(BIN)/python tests/pages/interop.py

wheel: $(VENV)/.build ## build the package with the newest release inside
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

site: $(VENV)/.build ## write a static page to site/
	$(BIN)/python build_dataset.py site

screenshot: $(VENV)/.test ## take the README's picture of the page
	$(BIN)/python tests/pages/checkers/screenshot.py

browser: ## install what the tests of the page need: Chromium, Java, axe-core, vnu
	.ci/browser

bench: $(VENV)/.test $(VENV)-build/.installed ## measure the commands, and write docs/performance.md
	$(BIN)/python benchmarks/bench.py --python $(VENV)-build/bin/python

docs: $(VENV)/.test ## write the generated parts of README.md and docs/
	$(BIN)/python build_dataset.py docs

requirements: $(VENV)/.test ## pin the newest versions, with hashes, for all platforms
	$(PIP) uv
	cd requirements && for name in build test oldest newest mutants; do \
	  ../$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	    --no-header --no-annotate $$name.in --output-file $$name.txt || exit 1; done
	cd requirements && ../$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate --no-deps cff.in --output-file cff.txt

clean: ## remove the environments
	rm -rf $(VENV) $(VENV)-oldest $(VENV)-newest $(VENV)-build dist site tests/pages/checkers/node_modules

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

# A stamp stands for a finished installation: with it in place nothing is fetched, so the targets work offline.
$(VENV)/.build: requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: requirements/test.txt requirements/cff.txt $(VENV)/.build
	$(PIP) --require-hashes -r requirements/test.txt
	$(PIP) --require-hashes --no-deps -r requirements/cff.txt
	touch $@

$(VENV)/.mutants: requirements/mutants.txt $(VENV)/.test
	$(PIP) --require-hashes --no-deps -r requirements/mutants.txt
	touch $@

$(VENV)-%/.installed: requirements/%.txt
	$(call make_venv,$(VENV)-$*)
	$(VENV)-$*/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed, found: $$($(PYTHON) --version). Try: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(call make_venv,$(VENV))
