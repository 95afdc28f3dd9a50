# Two commands matter: `make demo` and `make test`. Everything happens in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo check test docs bench bench-names bench-speed bench-world lock

setup: .venv/ready

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch .venv/ready

# A compiled kernel is kept beside its file, and does not notice when a constant or another kernel that it uses
# changes in another file: after any change of names they are all compiled anew, once, before many processes need them.
.venv/kernels: $(wildcard src/comity/names/*.py src/comity/names/readings/*.py src/comity/index/names/*.py src/comity/matching/names/*.py) | .venv/ready
	find src -name '*.nb[ic]' -delete
	$(BIN)/python tools/kernels/compile_kernels.py
	touch .venv/kernels

demo: setup
	rm -rf demo-node
	$(BIN)/comity demo demo-node

check: setup
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

# Three at a time for two cores: many wait for a process, a disk or a browser. Tests that run `comity` as a process wait for its modules
# to be compiled, each time anew where nothing may be kept.
test: setup .venv/kernels
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The references under docs/reference, from the code.
docs: setup
	$(BIN)/python tools/docs/references.py

# Rates of import and checks on invented records; a table here, JSON in benchmarks/results.
bench: setup .venv/kernels
	$(BIN)/python benchmarks/speed/bench.py

# SAMPLE=300 makes a run of a few minutes; without it every query of the development set is asked.
bench-names: setup .venv/kernels
	$(BIN)/python benchmarks/quality/bench_names.py $(if $(SAMPLE),--sample $(SAMPLE))

# A hundredth of the world's records and a day of its checks in small; DIR keeps what is built, else it is temporary.
bench-speed: setup .venv/kernels
	$(BIN)/python benchmarks/speed/bench_world.py --fraction 0.01 $(if $(DIR),--dir $(DIR))

# The whole world, 125 million records: DIR=... names where it is built, once; an interrupted build goes on.
bench-world: setup .venv/kernels
	$(BIN)/python benchmarks/speed/bench_world.py --fraction 1 --dir $(DIR)

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile --python-version 3.11 --universal --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links -q pyproject.toml -o requirements/run.txt
	.venv-lock/bin/uv pip compile --python-version 3.11 --universal --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links -q pyproject.toml requirements/dev.in --extra cluster \
	  -c requirements/run.txt -o requirements/dev.txt
	rm -rf .venv-lock
