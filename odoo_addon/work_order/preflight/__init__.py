"""Pre-flight: will this buyer's accounts payable match the document in one pass?

A pure function of (document, buyer profile, PO register, history). Standard library only: Odoo uses it from inside the
addon, the bridge and the command line import the same files as package `workorder_preflight`.
"""
