# Thin on purpose: every target prepares what it needs (in .sandbox/) and calls one thing.
PYTHON ?= python3
IN_SANDBOX = @PYTHONPATH=connectors $(PYTHON) -m workorder_sandbox.bootstrap --label="make $@"

.PHONY: demo test soak bench lint lock clean

demo:
	$(IN_SANDBOX) workorder demo

test:
	$(IN_SANDBOX) python -m workorder_sandbox.check

# Random days that nobody has played before; SOAK_SEED and SOAK_RUNS choose others.
soak: export SOAK_RUNS ?= 500
soak: export SOAK_SEED ?= $(shell date +%s)
soak:
	$(IN_SANDBOX) python -m pytest -q tests/integration/workorder_bridge/soak/test_soak.py

bench:
	$(IN_SANDBOX) python tests/bench/run.py $(BENCH)

lint:
	$(IN_SANDBOX) python -m workorder_sandbox.check lint

lock:
	$(IN_SANDBOX) python -m workorder_sandbox.relock

clean:
	$(IN_SANDBOX) python -m workorder_sandbox.clean
