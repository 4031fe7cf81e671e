"""The department over HTTP."""
