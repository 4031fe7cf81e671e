"""Mapping tables as rows of text: what each column means in Odoo, compared and applied for many rows at a time."""
