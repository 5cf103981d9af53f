"""Bring stored databases back: whole or not at all."""
