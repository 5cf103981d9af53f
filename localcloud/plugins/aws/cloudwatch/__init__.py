"""Alarms on metrics."""
