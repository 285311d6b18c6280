# The README's two commands are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    ?= out/demo

.PHONY: help demo test lint bench fuzz crash docker clean suricata sids coverage bench-suricata bench-behaviour bench-plant zeek bench-zeek

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; say PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/made-dev: $(VENV)/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

demo: $(VENV)/made ## install into .venv, run the demo plant, name the report to open
	@mkdir -p $(dir $(OUT)) && rm -rf $(OUT)
	$(BIN)/gaugeglass demo --out $(OUT)

test: $(VENV)/made-dev ## install what tests need into .venv; lint, types, tests
	@tests/sensors.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal -rs

lint: $(VENV)/made-dev ## ruff and strict types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/made-dev ## measure ingest against zat, both sides in one run
	$(BIN)/python tests/bench/ingest.py

suricata: $(VENV)/made-dev ## run the cases of the Suricata rules (CASES="modbus-*")
	$(BIN)/python -m tests.suricata.run $(CASES)

sids: $(VENV)/made ## renew suricata-rules/sids.md from the rules
	$(BIN)/gaugeglass rules sids > suricata-rules/sids.md

coverage: $(VENV)/made-dev ## the rules on real captures, against tshark (CAPTURES=DIR)
	$(BIN)/python -m tests.suricata.coverage --misses $(CAPTURES)

bench-behaviour: $(VENV)/made-dev ## speed of the behaviour models
	$(BIN)/python tests/bench/behaviour.py

bench-plant: $(VENV)/made-dev ## what behaviour finds on weeks of a simulated plant (BENCH="weeks --seed 51", poison, relearn, changes)
	$(BIN)/python tests/bench/plant.py $(BENCH)

zeek: ## compile the analyzers of the Zeek package (PROTOCOLS="s7comm enip" DEBUG=1)
	$(MAKE) -C zeek-scripts/spicy

bench-zeek: $(VENV)/made-dev ## what the Zeek package costs against Zeek's own logs (BENCH=--help)
	$(BIN)/python tests/bench/zeek_cost.py $(BENCH)
	$(BIN)/python tests/bench/zeek_memory.py

bench-suricata: $(VENV)/made-dev ## what the rules cost Suricata (BENCH="--runs 3 --ruleset name=file")
	$(BIN)/python tests/bench/suricata.py $(BENCH)

fuzz: $(VENV)/made-dev ## the property tests with a large budget (about ten minutes)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n 2 tests/python/logs/test_logs_fuzz.py

crash: $(VENV)/made-dev ## kill ingest at many points and compare ledgers (a few minutes)
	$(BIN)/python tests/python/crashkit.py

docker: ## build the image of the analytics (BASE=image, DOCKER_BUILD="more options")
	DOCKER_BUILDKIT=1 docker build $(DOCKER_BUILD) $(if $(BASE),--build-arg BASE=$(BASE)) \
	  --build-arg VERSION=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' analytics/gaugeglass/__init__.py) \
	  --build-arg REVISION=$$(git rev-parse HEAD) \
	  -f docker/analytics.Dockerfile -t gaugeglass-analytics .

clean: ## remove what the other targets made
	rm -rf $(VENV) out build .pytest_cache .mypy_cache .ruff_cache .hypothesis
