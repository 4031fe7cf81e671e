"""Webhooks: what the company tells its apps about changes, and how it goes on when they do not listen."""
