"""Measurements: each one command, each printing a ratio (`python -m bench.up`)."""
