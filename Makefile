# Groundwork. `make` lists what there is.
SYSTEM ?= debt-os
SYSTEMS := opencode opencode-acp debt-os project-manager opshub
GW := ./gw

# Before anything is installed for it.
ifneq ($(words $(filter $(SYSTEMS),$(SYSTEM))),1)
$(error There is no system "$(SYSTEM)". SYSTEM is one of: $(SYSTEMS))
endif

.DEFAULT_GOAL := help
.PHONY: help setup engine up up-all status logs smoke down down-all test lint bench doctor clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  SYSTEM=$(SYSTEM) (one of: $(SYSTEMS))"

setup: node_modules/.installed ## Install the npm packages

node_modules/.installed: package-lock.json package.json
	@scripts/check-node.sh
	npm ci --no-fund --no-audit
	@touch $@

engine: ## Make sure that a Docker engine answers
	@scripts/setup-docker.sh

up: setup engine ## Deploy the dev stack of SYSTEM and show where it is
	@$(GW) up --system $(SYSTEM) --images auto --yes

up-all: setup engine ## Deploy the dev stacks of all five systems
	@for system in $(SYSTEMS); do $(GW) up --system $$system --images auto --yes || exit $$?; done

status: setup ## Show the services of SYSTEM and their health
	@$(GW) status --system $(SYSTEM)

logs: setup ## Show the newest log lines of SYSTEM
	@$(GW) logs --system $(SYSTEM)

smoke: setup ## Check SYSTEM from outside, through its edge
	@$(GW) smoke --system $(SYSTEM)

# Where gw cannot ask, it says how to answer: here that is no --yes.
down down-all: export GW_YES := YES=1

down: setup ## Delete the dev stack of SYSTEM and its data (asks; YES=1 answers)
	@$(GW) destroy --system $(SYSTEM) $(if $(YES),--yes)

down-all: setup ## Delete the dev stacks of all five systems (asks; YES=1 answers)
	@for system in $(SYSTEMS); do $(GW) destroy --system $$system $(if $(YES),--yes) || exit $$?; done

test: setup engine ## Run every test there is
	@npm run --silent test

lint: setup ## Check style and types
	@npm run --silent lint && npm run --silent typecheck

bench: setup engine ## Measure, each figure beside what it is compared with
	@npm run --silent bench

doctor: setup ## Say what this machine lacks and how to get it
	@$(GW) doctor

clean: ## Remove installed packages, caches and reports (not the state of stacks)
	rm -rf node_modules packages/*/node_modules images/*/node_modules policies/node_modules .groundwork/cache reports
