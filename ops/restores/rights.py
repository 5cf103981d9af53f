"""Who may do what in a restored database: everything is its role's own, and grants go to roles that are there."""

from __future__ import annotations

import re
from collections.abc import Iterable

STATEMENT = re.compile(r"^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) .*;$", re.MULTILINE)
ROLE = re.compile(r'(?:\bTO|\bFROM|\bFOR ROLE) ("(?:[^"]|"")+"|[^\s";,]+)')
COMMENT = re.compile(r"^\d+; \d+ \d+ COMMENT - EXTENSION ", re.MULTILINE)


def roles(statement: str) -> set[str]:
    """Those that it gives something to, or takes it from."""
    named = {one.strip('"').replace('""', '"') for one in ROLE.findall(statement)}
    return named - {"PUBLIC"}


def missing(schema: str, there: Iterable[str]) -> set[str]:
    """Roles that the definitions of a dump name in grants, and the server does not have."""
    return {role for statement in STATEMENT.findall(schema) for role in roles(statement)} - set(there)


def used_list(listing: str) -> str:
    """What a dump holds, without what only the server's superuser may do."""
    return "".join(f"{line}\n" for line in listing.splitlines() if not COMMENT.match(line))
