"""Releases that must not stay: each kind is deployed for real, with requests on the way, which judge it."""
