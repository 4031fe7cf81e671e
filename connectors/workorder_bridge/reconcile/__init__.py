"""The tie-out ticket → invoice → QuickBooks: comparison is pure (match, judgement), reading is in `run`."""
