"""Comparing an invoice with what was ordered, received and billed before. Pure: no clock, no network, no files."""
