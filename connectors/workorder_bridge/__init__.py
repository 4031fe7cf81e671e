"""Workorder Bridge: carries frozen invoice documents from Odoo to where they are booked, and brings payments back."""

__version__ = "0.1.0"
