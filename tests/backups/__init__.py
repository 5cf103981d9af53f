"""Backups from the night that they are made to the day that they are needed, on a local cloud of their own."""
