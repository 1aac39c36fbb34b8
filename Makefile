# The index of tasks. `make` lists them.
SHELL := bash
.DEFAULT_GOAL := help
ENV := . scripts/env &&

SOURCE ?= sim
VIDEO ?=
CAMERA ?= 0
EXERCISES ?=
JSON ?=
DIR ?= ../data
SIZE ?= 1024x600
FOLDER ?= docs/images

# What the user writes reaches the shell as a variable, so that blanks, quotes and dollars in it stay what they are.
export PHYSIO_SOURCE := $(value SOURCE)
export PHYSIO_VIDEO := $(value VIDEO)
export PHYSIO_CAMERA := $(value CAMERA)
export PHYSIO_EXERCISES := $(value EXERCISES)
export PHYSIO_MODEL := $(value MODEL)
export PHYSIO_JSON := $(value JSON)
export PHYSIO_DIR := $(value DIR)

LOCK := -q --upgrade --universal --python-version 3.10 --no-header --no-annotate --override requirements/overrides.txt

# Several workers test side by side; what measures how soon the base rests, and the whole product, have the machine for themselves.
SIDE_BY_SIDE := -n auto --maxprocesses=4 --max-worker-restart=0 --dist=loadfile
# Tests of the core that look at what the laboratory renders.
ESTIMATORS := src/physio_lab/test/estimators
ALONE := $(addprefix src/physio_nodes/test/, test_stop.py test_stop_guard.py test_launcher_death.py) src/physio_testing \
  test/test_whole_system.py
TEST_ENV := ROS_PYTHON_CHECK_FIELDS=1 SDL_VIDEODRIVER=dummy DISPLAY= WAYLAND_DISPLAY=

.PHONY: help setup demo test test-training check bench evaluation train lock docs screenshots clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## prepare this machine: system packages, .venv, ROS 2 workspace
	@scripts/setup
	@$(if $(filter setup,$(MAKECMDGOALS)),echo "setup: ready. Next: make demo. For the commands: . scripts/env and then physio --help")

demo: setup ## the coach; SOURCE=sim|video|camera VIDEO=f.mp4 CAMERA=0 EXERCISES=squat,lunge MODEL=models/mine JSON=f.json
	@$(ENV) physio demo --source "$$PHYSIO_SOURCE" --camera "$$PHYSIO_CAMERA" $${PHYSIO_VIDEO:+--video "$$PHYSIO_VIDEO"} \
	  $${PHYSIO_EXERCISES:+--exercises "$$PHYSIO_EXERCISES"} $${PHYSIO_MODEL:+--model "$$PHYSIO_MODEL"} \
	  $${PHYSIO_JSON:+--json "$$PHYSIO_JSON"}

test: ## set-up and all tests; those of the core must cover what pyproject.toml asks for; PYTEST_ARGS=PATH for some
	@scripts/setup --dev
	@$(ENV) export $(TEST_ENV) && $(if $(strip $(PYTEST_ARGS)),python -m pytest $(PYTEST_ARGS), \
	  { python -m pytest $(SIDE_BY_SIDE) --cov --cov-report=term src/physio_core $(ESTIMATORS); core=$$?; \
	    python -m pytest $(SIDE_BY_SIDE) --ignore=src/physio_core $(addprefix --ignore=, $(ESTIMATORS) $(ALONE)); others=$$?; \
	    python -m pytest $(ALONE) && exit $$((core + others)); })

test-training: ## all tests, with those that need the laboratory (torch, Ray ...); `make test` alone skips them
	@scripts/setup --training
	@$(MAKE) --no-print-directory test

check: ## ruff, mypy, architecture, docs fresh
	@scripts/setup --dev
	@$(ENV) ruff check . && ruff format --check . && mypy && yamllint -s . && physio parameters --check \
	  && python -m pytest test/test_architecture.py

bench: setup ## speed, side by side in one run; JSON=f.json
	@$(ENV) physio bench $${PHYSIO_JSON:+--json "$$PHYSIO_JSON"}

evaluation: ## measure the shipped model again, rewrite its tables; DIR=folder that holds videos/ and penn_action/
	@scripts/setup --training
	@$(ENV) physio sim dataset build/evaluation/daily.parquet --daily-life 60 --seed 11
	@$(ENV) physio action evaluate "$$PHYSIO_DIR/videos" --rates --by source_repo --cache build/evaluation/joints \
	  --negatives build/evaluation/daily.parquet --json build/evaluation/videos.json \
	  --csv build/evaluation/videos.csv --html build/evaluation/videos.html --markdown docs/evaluation.md \
	  --tables docs/training.md --tables models/stgcn_body/README.md --picture docs/images/evaluation.png \
	  --note "No model was trained on these clips; thresholds were tuned on them."
	@$(ENV) physio coach evaluate "$$PHYSIO_DIR/videos" --cache build/evaluation/joints --json build/evaluation/coach.json \
	  --csv build/evaluation/coach.csv --tables docs/evaluation.md \
	  --note "No model was trained on these clips; thresholds were tuned on them."
	@$(ENV) physio action evaluate-skeletons penn "$$PHYSIO_DIR/penn_action" --json build/evaluation/penn.json \
	  --csv build/evaluation/penn.csv --html build/evaluation/penn.html --tables docs/training.md --tables models/stgcn_body/README.md
	@$(ENV) physio profile --json build/evaluation/profile.json --tables docs/training.md

train: ## make the shipped model again; needs UI-PRMD in $PHYSIO_DATA/ui_prmd, see docs/training.md
	@scripts/setup --training
	@$(ENV) physio sim dataset build/rendered --clips 250 --seed 1 --workers 2
	@$(ENV) physio train stgcn_kinematic --out build/stgcn_kinematic
	@$(ENV) physio train stgcn_body

docs: setup ## make the generated pages again
	@$(ENV) physio parameters

screenshots: setup ## make docs/images again; SIZE=1920x1080 FOLDER=out for another display
	@$(ENV) physio screen gallery "$(FOLDER)" --size $(SIZE)
	@$(ENV) physio screen gallery "$(FOLDER)" --size $(SIZE) --language de --only show_lunge therapist_list

lock: ## choose the newest versions that fit requirements/*.in
	@for set in run lab dev; do $(ENV) uv pip compile $(LOCK) requirements/$$set.in -o requirements/$$set.lock; done

clean: ## remove everything that set-up made
	rm -rf .venv build install log out
