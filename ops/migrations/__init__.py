"""Migrations that cannot break the release before: what each would do, linted and rehearsed."""
