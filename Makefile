# Each target in a line or two; what takes more is in tools/.

# Options of pytest (make test) or of uv (make lock).
ARGS ?=
# What docs/promises.md tells of.
PROMISES = tests/reconcile tests/hostile $(patsubst %,tests/engine/test_%.py,hostile killed races secrets state)
# Of make soak.
SEED ?=
MINUTES ?= 10
# Of make bench.
ONLY ?=
ROUNDS ?=

.DEFAULT_GOAL := help
.PHONY: help up env down landing-zone test promises soak mutants audit pythons bench check docs site lock setup setup-landing-zone setup-site clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

up: setup ## set up, start the emulator, run pulumi up, say what comes next
	@.venv/bin/python -m tools.local up

env: ## print the shell's settings: eval "$(make -s env)"
	@sh tools/env.sh

down: ## stop the emulator, forget the local stack
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m tools.local down; else echo "Nothing is up."; fi

landing-zone: setup-landing-zone ## show examples/landing-zone end to end, on an emulator of its own
	@.venv/bin/python -m tools.landing_zone $(ARGS)

test: setup-landing-zone setup-site ## run all the tests (ARGS="-k gate" for some)
	@.venv/bin/python -m tools.browser
	@.venv/bin/python -m tools.local run pytest -n auto $(ARGS)

promises: setup ## try all that is promised, and write into docs/promises.md what was tried
	@.venv/bin/python -m tools.local run pytest -q -n auto --write-counts $(PROMISES)

soak: setup ## random histories for some MINUTES=10, by a SEED=n; Ctrl-C says what was done so far
	@.venv/bin/python -m tools.soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

mutants: setup ## change the decision code in every small way, and see its tests notice
	@.venv/bin/python -m tools.mutants

audit: setup ## look for weaknesses in the code, and for advisories on the pinned packages
	@.venv/bin/python -m tools.audit

pythons: setup ## try old states and the pure code on each supported Python that is here
	@.venv/bin/python -m tools.pythons $(ARGS)

bench: setup ## measure against the budgets (ONLY=command ROUNDS=9), and keep the figures for the docs
	@.venv/bin/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(ARGS)

check: setup ## formatting, lint, types, and which layer imports which
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

docs: setup ## write the transcripts, tables and figures in the documentation anew
	@.venv/bin/python -m tools.tables
	@.venv/bin/python -m pytest -q -n auto tests/emulator --write-figures
	@.venv/bin/python -m tools.transcript

site: setup-site ## build the documentation as a site, in .local/site/html
	@.venv/bin/python -m tools.site_build

lock: setup ## pin the packages anew (ARGS="-U" for the newest)
	@sh tools/lock.sh $(ARGS)

setup: ## virtual environment, pinned packages, engine
	@sh tools/setup.sh

# A virtual environment with pulumi-aws, which isn't to be in .venv.
setup-landing-zone: setup
	@.venv/bin/python -m tools.landing_zone_venv

# A virtual environment with the site's generator, which is too large for .venv.
setup-site: setup
	@.venv/bin/python -m tools.site_tools

clean: ## make down, and remove the virtual environment and what the tools left
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m tools.local clean; fi
