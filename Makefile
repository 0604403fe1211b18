# Rapport. From a bare checkout only python3 (3.11 to 3.14) is needed; everything else is installed from the lock files.
PYTHON ?= python3
ARGS ?=
BENCH ?=
VENV := .venv/bin
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run test faults check bench lock messages

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run:  ## run Rapport at http://localhost:8000 (PORT, HOST, DATABASE_URL, REDIS_URL: see .env.example)
	@$(PYTHON) scripts/bootstrap.py run
	@exec $(VENV)/python -m practice.config.stack --with-caller

test:  ## run the whole suite, browser included (ARGS="tests/clients -x" for a part of it, ARGS="-m pure" for what needs no server)
	@$(PYTHON) scripts/bootstrap.py test
	@$(VENV)/pytest -n auto --dist loadgroup $(ARGS)

faults:  ## every fault in full, and whatever else takes too long for each `make test` (ARGS="-k redis" for a part of it)
	@$(PYTHON) scripts/bootstrap.py test
	@$(VENV)/pytest -m "fault or long" -n 0 $(ARGS)

check:  ## what a machine can hold: style, types, walls between rooms, migrations, translations
	@$(PYTHON) scripts/bootstrap.py test
	@$(VENV)/python scripts/check.py $(ARGS)

bench:  ## figures of speed against bare sides, in one table (BENCH=sends for one)
	@$(PYTHON) scripts/bootstrap.py test
	@$(VENV)/python -m benchmarks $(BENCH)

lock:  ## write the lock files anew from pyproject.toml and package.json
	@$(PYTHON) scripts/bootstrap.py test
	@PATH="$(CURDIR)/.venv/tools/uv/bin:$$PATH" && \
	  $(LOCK) pyproject.toml -o requirements.lock && \
	  $(LOCK) --group dev pyproject.toml -o requirements-dev.lock && \
	  printf 'uv\nnodejs-wheel-binaries\n' | $(LOCK) --no-annotate - -o scripts/tools.lock
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund

messages:  ## collect the strings to translate, compile the translations
	@$(PYTHON) scripts/bootstrap.py test
	@$(VENV)/python scripts/translations.py update
	@$(VENV)/python scripts/translations.py compile
