"""The three QuickBooks the bridge can talk to, spelled exactly so."""

PRODUCTION, SANDBOX, SIMULATOR = "production", "sandbox", "simulator"
ENVIRONMENTS = (PRODUCTION, SANDBOX, SIMULATOR)
