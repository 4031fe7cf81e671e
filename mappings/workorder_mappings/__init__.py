"""Mapping tables as files: read, checked, compared with what Odoo holds, applied as a whole, written out again."""
