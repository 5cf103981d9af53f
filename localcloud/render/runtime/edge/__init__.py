"""Caddy before the services."""
