# Each target in a line or two; what takes more is in tools/.

# Options of pytest (make test) or of uv (make lock).
ARGS ?=
# Of make soak, and of make test: which cases it takes.
SEED ?=
MINUTES ?= 10
# Of make bench.
ONLY ?=
ROUNDS ?=
# Of make up and make env; what the environment has under this name is gettext's.
ASKED = $(if $(filter command,$(origin LANGUAGE)),$(LANGUAGE))

PYTEST = .venv/bin/python -m tools.local run pytest -n auto --dist worksteal $(if $(SEED),--seed $(SEED))

.DEFAULT_GOAL := help
# Each sets up what it needs, when it is first called.
.PHONY: help up env aws down landing-zone test test-all test-rest promises soak mutants audit pythons bench check dist docs sdk site lock setup setup-test setup-all setup-landing-zone setup-site clean

# A target with ## is for users, one with ##+ for contributors.
help: ## list the targets
	@echo "To use it:"; sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22
	@echo; echo "To work on it:"; sed -n 's/^\([a-z-]*\):.*##+ \(.*\)/  make \1	\2/p' Makefile | expand -t 22

up: ## set up, start the emulator, run `pulumi up`, say what comes next (LANGUAGE=yaml: from YAML)
	@sh tools/setup.sh --language "$(ASKED)"
	@sh tools/setup.sh
	@.venv/bin/python -m tools.local up "$(ASKED)"

env: ## print the shell's settings: eval "$(make -s env)"
	@sh tools/env.sh "$(ASKED)"

aws: ## show the local organization as AWS's own command line sees it (ARGS="--query Organization.Id")
	@sh tools/setup.sh aws
	@.venv/bin/python -m tools.local aws $(ARGS)

down: ## stop the emulator, remove the local stack
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m tools.local down; else echo "Nothing is up."; fi

landing-zone: $(if $(filter typescript,$(ASKED)),setup,setup-landing-zone) ## run examples/landing-zone from start to end, on an emulator of its own (LANGUAGE=typescript)
	@sh tools/setup.sh aws
	@.venv/bin/python -m tools.landing_zone $(ASKED) $(ARGS)

test: setup-test ##+ run the tests, with a random sample (SEED=n) of the large case tables (ARGS="-k gate" for some)
	@$(PYTEST) -m "not exhaustive" $(ARGS)

test-all: setup-all ##+ run all the tests; APT=1 installs a browser as root if there is none
	@$(PYTEST) $(ARGS)

test-rest: setup-all ##+ run the tests that `make test` left out, with the SEED=n that it printed
	@$(PYTEST) -m exhaustive $(ARGS)

promises: setup-test ##+ run the tests of all promises, and write their numbers into docs/promises.md
	@.venv/bin/python -m tools.local run pytest -q -n auto --write-counts

soak: setup-test ##+ test random sequences of events for MINUTES=10 (SEED=n repeats them); Ctrl-C prints a summary
	@seed=$(or $(SEED),$$(date +%s)); echo "The same again: make soak SEED=$$seed MINUTES=$(MINUTES)" >&2; \
	exec .venv/bin/python -m tools.local run pytest -q -m soak -p no:cacheprovider \
	    --minutes $(MINUTES) --soak-seed $$seed $(ARGS)

mutants: setup-test ##+ mutation testing: change the decision code, and check that a test fails each time
	@.venv/bin/python -m tools.mutants

audit: setup ##+ scan the code for weaknesses, and the pinned packages for advisories
	@.venv/bin/python -m tools.venvs audit
	@.local/audit/venv/bin/python -m bandit --quiet -c pyproject.toml -r provider emulator
	@.local/audit/venv/bin/python -m pip_audit -r requirements.lock --no-deps --disable-pip --progress-spinner=off

pythons: setup-test ##+ test the core code and old stack states on each supported Python that is installed
	@.venv/bin/python -m tools.compatibility pythons $(ARGS)

bench: setup-test ##+ run the benchmarks (ONLY=command ROUNDS=9), and save the results for the docs
	@.venv/bin/python -m bench $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(ARGS)

check: ##+ check formatting, lint, wording, types, layering, and the pipelines' permissions
	@sh tools/setup.sh lint test browser
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@git ls-files -z | xargs -0 .venv/bin/codespell
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/zizmor --offline --no-progress --quiet examples/pipelines/github-actions*.yml .github/workflows

dist: setup ##+ build the files of a release, with checksums, in dist/
	@.venv/bin/python -m tools.release

docs: setup-test ##+ regenerate the transcripts, tables and figures in the documentation
	@sh tools/setup.sh docs
	@.venv/bin/python -m tools.docs
	@.venv/bin/python -m bench.page
	@.venv/bin/python -m pytest -q -n auto tests/emulator --write-figures
	@.venv/bin/python -m tools.docs.story

sdk: setup ##+ regenerate the native provider's schema, and from it sdk/ for TypeScript, Python and Go
	@sh tools/setup.sh docs
	@.venv/bin/python -m tools.docs.plugin_schema
	@.venv/bin/python -m tools.sdk

site: setup-site ##+ build the documentation as a site, in .local/site/html
	@.venv/bin/python -m tools.docs.site

lock: setup ##+ update requirements.lock after a change of dependencies (ARGS="-U" upgrades them)
	@sh tools/lock.sh $(ARGS)

setup: ##+ create the virtual environment, and install the engine and what `make up` needs
	@sh tools/setup.sh

setup-test: ##+ install what `make test` needs as well
	@sh tools/setup.sh test docs aws
	@.venv/bin/python -m tools.language_hosts yaml

setup-all: setup-landing-zone setup-site ##+ install what `make test-all` needs as well: environments, browser, oldest engine
	@sh tools/setup.sh lint test docs aws browser
	@.venv/bin/python -m tools.language_hosts yaml nodejs go
	@.venv/bin/python -m tools.node_modules
	@.venv/bin/python -m tools.engine --oldest >.local/engine-oldest
	@.venv/bin/python -m tools.browser

# A virtual environment with pulumi-aws, which must not be in .venv.
setup-landing-zone: setup
	@.venv/bin/python -m tools.venvs landing-zone

# A virtual environment with the site's generator, which is too large for .venv.
setup-site: setup
	@.venv/bin/python -m tools.docs.site_tools

clean: ## make down, and remove the virtual environment and everything the tools created
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m tools.local clean; fi
