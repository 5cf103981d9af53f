"""Buckets and their settings, each a resource of its own."""
