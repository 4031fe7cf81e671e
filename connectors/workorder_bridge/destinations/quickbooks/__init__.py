"""QuickBooks Online as a destination. python-quickbooks and intuit-oauth are imported in this package only."""
