"""A door to each outside system: only here clients are imported and programs started."""
