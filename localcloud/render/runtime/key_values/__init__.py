"""Valkey, a process for each store."""
