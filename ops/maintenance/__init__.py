"""Maintenance: a page in place of the application, and its workers and jobs at rest (docs/adr/0073)."""
