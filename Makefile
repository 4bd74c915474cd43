# `make demo` and `make test` each set up .venv and then do what they say. PYTHON names the interpreter (3.11 or later).
PYTHON ?= python3

.PHONY: demo test check clean

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("cleaner needs Python 3.11 or later, and this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --editable .
	touch $@

.venv/installed-test: .venv/installed
	.venv/bin/python -m pip install --quiet --editable '.[test]'
	touch $@

.venv/installed-dev: .venv/installed-test
	.venv/bin/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: .venv/installed
	@echo '== an article, and what cleaning takes out of it'
	.venv/bin/cleaner clean --diff fixtures/harbour/ferry-tribune.txt
	@echo
	@echo '== the same article, cleaned'
	.venv/bin/cleaner clean fixtures/harbour/ferry-tribune.txt
	@echo
	@echo '== the batch: cleaned, grouped, reported on'
	rm -rf demo-out
	.venv/bin/cleaner run fixtures demo-out
	@echo
	@echo '== the groups'
	.venv/bin/cleaner group fixtures
	@echo
	@echo '== a story: how its tellings differ'
	.venv/bin/cleaner diff --story fixtures/harbour/ferry-gazette.txt demo-out

test: .venv/installed-test
	.venv/bin/python -m pytest

check: .venv/installed-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

clean:
	rm -rf .venv demo-out build *.egg-info
