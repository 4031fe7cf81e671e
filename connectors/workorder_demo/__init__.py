"""The demo: the main job on a real Odoo, a real PostgreSQL and a QuickBooks company on loopback."""
