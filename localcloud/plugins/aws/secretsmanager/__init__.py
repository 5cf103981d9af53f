"""Secrets and their versions."""
