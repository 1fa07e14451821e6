PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml $(shell find pytest_compiled_ai -name '*.py')

.PHONY: demo test clean

## A function written on this machine: install, fetch and check the model (1.1 GB, once), compile a small project.
demo: $(VENV)/.product
	$(BIN)/compiled-ai model prepare
	$(BIN)/compiled-ai demo

## All that CI runs.
test: $(VENV)/.development
	$(BIN)/compiled-ai model prepare qwen2.5-coder-0.5b
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --show-missing --fail-under=100

clean:
	rm -rf $(VENV) .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache dist

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, $(PYTHON) is " + sys.version.split()[0] + "; name another: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.product: $(VENV)/.venv $(SOURCES)
	$(BIN)/python -m pip install --quiet ".[embedded]"
	@touch $@

# An editable install serves both targets. `pip install --group` came with pip 25.1.
$(VENV)/.development: $(VENV)/.venv pyproject.toml
	$(BIN)/python -m pip install --quiet "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[embedded]" --group dev
	@touch $@ $(VENV)/.product
