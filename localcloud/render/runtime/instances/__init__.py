"""The processes of services."""
