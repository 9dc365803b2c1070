# make run and make test need nothing but Python 3.11+ and make; both set up .venv themselves.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 7860
HOST ?= 127.0.0.1

.PHONY: help run test check lint types imports bench bench-kills bench-load bench-peers \
  bench-footprint serve-image screenshots clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/.installed  ## set up and start the web app on the bundled corpus
	$(PY) app.py --host $(HOST) --port $(PORT) $(if $(CORPUS),--corpus "$(CORPUS)")

test: $(VENV)/.installed-dev  ## set up and run the tests
	$(PY) -m pytest

check: lint types imports test  ## lint, types, import contracts and tests

lint: $(VENV)/.installed-dev  ## ruff
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.installed-dev  ## mypy, strict
	$(VENV)/bin/mypy

imports: $(VENV)/.installed-dev  ## the layers of the package
	$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-dev  ## speed of asking; retrieval too where BEIR=DIR is given
	$(PY) -m benchmarks.speed
	$(if $(BEIR),$(PY) -m benchmarks.retrieval --beir $(BEIR))

bench-kills: $(VENV)/.installed-dev  ## kill 200 syncs and see what is left
	$(PY) -m benchmarks.kills

bench-load: $(VENV)/.installed .venv-load/.installed  ## a minute of 1, 16 and 64 visitors; more: LOAD="--minutes 10"
	$(PY) -m benchmarks.load $(LOAD)

serve-image: $(VENV)/.installed  ## what the serving image holds, in build/serve (no torch)
	PYTHON=$(PYTHON) CONVERTER=$(abspath $(PY)) packaging/serve_image.sh build/serve

bench-footprint: serve-image  ## installed size, cold start and memory of the serving install
	$(PY) -m benchmarks.footprint build/serve

screenshots: $(VENV)/.installed-dev  ## photograph every view into docs/screenshots/ (needs chromium)
	$(PY) -m docs.make_screenshots

bench-peers: $(VENV)/.installed-dev  ## beside LlamaIndex, Haystack and txtai; BEIR=DIR names the collection
	@test -n "$(BEIR)" || { echo "Name a collection in BEIR's form: make bench-peers BEIR=DIR"; exit 1; }
	$(PY) -m benchmarks.peers --data "$(BEIR)" $(PEERS)

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .venv-load .pytest_cache .mypy_cache .ruff_cache .hypothesis build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; set one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt requirements-formats.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-formats.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt requirements-formats.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.installed

# locust patches the standard library and hooks into pytest, so it gets an environment of its own.
.venv-load/.installed: requirements-load.txt | $(VENV)/bin/python
	$(PYTHON) -m venv .venv-load
	.venv-load/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-load.txt
	touch $@
