"""Secrets of one's own: their values, and the vault that keeps them."""
