"""Holds what users run to this machine: whatever address it binds, only this machine reaches it (docs/adr/0028)."""
