"""Pulumi keeps all of them in one module of that name."""
