# Thin on purpose: every target prepares what it needs (in .sandbox/) and calls one thing.
PYTHON ?= python3
IN_SANDBOX = @PYTHONPATH=connectors $(PYTHON) -m workorder_sandbox.bootstrap --label="make $@"

.PHONY: demo test bench lint lock clean

demo:
	$(IN_SANDBOX) workorder demo

test:
	$(IN_SANDBOX) python -m workorder_sandbox.check

bench:
	$(IN_SANDBOX) python tests/bench/run.py $(BENCH)

lint:
	$(IN_SANDBOX) python -m workorder_sandbox.check lint

lock:
	$(IN_SANDBOX) python -m workorder_sandbox.relock

clean:
	$(IN_SANDBOX) python -m workorder_sandbox.clean
