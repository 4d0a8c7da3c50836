# Every target sets up what it needs in .venv; nothing is installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Old and new pip name the variable that constrains build dependencies differently.
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip
OFFSCREEN := QT_QPA_PLATFORM=offscreen

QUICK := tests/architecture tests/unit/domain tests/unit/charts tests/unit/cli tests/unit/services/test_measurements.py \
	tests/unit/services/test_committee.py tests/unit/storage/test_unit.py

# What Qt loads from the system, installed where that is allowed, else named; needs nothing but Python.
LIBRARIES := $(PYTHON) -I qpvdesk/system_libraries.py

.PHONY: run test lint system system-window system-bundle quick reference mutants coverage bench profile faults report pictures looks bundle bundle-test clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "qpvdesk needs Python 3.11 or newer; name one with make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --editable '.[dev]'
	$(BIN)/python -m tests.helpers.notice
	touch $@

# Where no screen is declared: the state, the committee's file and the picture of the dashboard instead of the window.
run: system-window $(READY)
	$(BIN)/python -m tests.helpers.run build

system:
	$(LIBRARIES) offscreen

system-window:
	$(LIBRARIES) window

system-bundle:
	$(LIBRARIES) bundle

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: system lint
	$(OFFSCREEN) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	$(OFFSCREEN) $(BIN)/python -m tests.region -q

# The inner loop, less than a minute of processor: the walls of the house, the reckoning, the acts on figures, the command line.
quick: system $(READY)
	$(BIN)/ruff check .
	$(OFFSCREEN) $(BIN)/python -m pytest -m 'not heavy' $(QUICK)

# A thousand random contracts against a second reckoning, see tests/reference/README.md: make reference COUNT=30 SEED=77
reference: system $(READY)
	$(OFFSCREEN) $(BIN)/python -m tests.reference $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

# How many one-line changes of domain, services and storage the tests see: make mutants SEED=2031 COUNT=320
mutants: system $(READY)
	$(BIN)/pip show --quiet cosmic-ray 2>/dev/null || $(PIP) install --quiet '.[mutants]'
	$(OFFSCREEN) $(BIN)/python -m tests.mutants $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

# The branches of services/ that the unit tests take.
coverage: system $(READY)
	$(BIN)/pip show --quiet coverage 2>/dev/null || $(PIP) install --quiet '.[mutants]'
	$(OFFSCREEN) $(BIN)/python -m tests.mutants.reached
	$(BIN)/coverage report --data-file=build/mutants/reached.coverage --include='qpvdesk/services/*' --fail-under=90

bench: system $(READY)
	$(BIN)/pip show --quiet typst weasyprint PySide6-Addons 2>/dev/null || $(PIP) install --quiet ".[bench]" || true
	$(OFFSCREEN) $(BIN)/python -m tests.bench $(BENCH)

# The stages of a start: modules, classes, enums, statements, milliseconds.
profile: system $(READY)
	$(OFFSCREEN) $(BIN)/python -m tests.bench.profile

faults: $(READY)
	$(BIN)/python -m tests.faults $(FAULTS)

report: $(READY)
	$(BIN)/python -m tests.helpers.sample_report build/copil.pdf

pictures: system $(READY)
	$(OFFSCREEN) $(BIN)/python -m tests.helpers.pictures

# Every page in every look at every size, in build/looks: make looks LOOKS="150-pour-cent sombre"
looks: system $(READY)
	$(OFFSCREEN) $(BIN)/python -m tests.helpers.looks $(LOOKS)

bundle: system-bundle $(READY)
	$(BIN)/pip show --quiet pyinstaller || $(PIP) install --quiet '.[bundle]'
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build build.spec

# Builds it in a temporary folder, moves it elsewhere and runs it there with an empty environment.
bundle-test: system-bundle $(READY)
	$(BIN)/pip show --quiet pyinstaller || $(PIP) install --quiet '.[bundle]'
	$(BIN)/python -m pytest tests/bundle

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
