# Two commands do everything: `make run` opens the dashboard, `make test` runs the tests. Both set up first.
#   make run                      on the demo tissue
#   make run IMAGES=~/pictures    on your own folder
#   make test PROCESSES=1         the tests one after the other

.DEFAULT_GOAL := run
.PHONY: run test check fmt lint types arch docs write-docs pictures bench setup setup-dev clean

BASE_PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info)' 2>/dev/null && echo $$python && break; done)
PYTHON := .venv/bin/python
IMAGES ?=
PORT ?=
PROCESSES ?= 2

run: setup
	@$(PYTHON) -m dashboard $(if $(IMAGES),--images "$(IMAGES)") $(if $(PORT),--port $(PORT))

test: setup-dev
	@$(PYTHON) tests/browser/chromium.py
	$(PYTHON) -m pytest -n $(PROCESSES) --no-loadscope-reorder

check: fmt lint types docs test  # the tests hold the architecture too

fmt: setup-dev
	$(PYTHON) -m ruff format --check .

lint: setup-dev
	$(PYTHON) -m ruff check .

types: setup-dev
	$(PYTHON) -m mypy

arch: setup-dev
	$(PYTHON) -m pytest -q tests/architecture

docs: setup-dev
	$(PYTHON) -m engine catalogue --check

write-docs: setup-dev
	$(PYTHON) -m engine catalogue --write

pictures: setup-dev
	@$(PYTHON) tests/browser/chromium.py
	HANDFUL_PICTURES=assets/screens $(PYTHON) -m pytest -q --basetemp=$${TMPDIR:-/tmp}/handful-demo tests/browser/test_end_to_end.py
	HANDFUL_TOUR=$${TMPDIR:-/tmp}/handful-tour $(PYTHON) -m tests.browser.tour assets/tour.webp

bench: setup-dev
	$(PYTHON) -m tests.benchmarks.training
	$(PYTHON) -m tests.benchmarks.propagation
	$(PYTHON) -m tests.benchmarks.browser $${TMPDIR:-/tmp}/handful-bench

setup: .venv/installed
setup-dev: .venv/installed-dev

.venv/bin/python:
	@test -n "$(BASE_PYTHON)" || { echo "Handful needs Python 3.11 or newer; install it, then run make again."; exit 1; }
	$(BASE_PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.txt
	@echo "Installing what Handful needs into .venv (several minutes the first time; torch is large) …"
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
