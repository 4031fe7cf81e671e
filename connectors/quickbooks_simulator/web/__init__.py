"""The HTTP side: gateway, OAuth, API, control endpoints."""
