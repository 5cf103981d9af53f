"""What a database has beside what is in it: rights, settings, a limit; said again for another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg.sql import Composed

LISTS = frozenset({"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"})
RIGHTS = """
SELECT grantee::bigint, coalesce(rolname, ''), privilege_type, is_grantable
FROM pg_database d, aclexplode(d.datacl) LEFT JOIN pg_roles r ON r.oid = grantee WHERE d.oid = %s AND grantee <> %s
"""
SETTINGS = """
SELECT coalesce(rolname, ''), unnest(setconfig) FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole WHERE setdatabase = %s
"""
Rows = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Shape:
    """What a database is made with: what decides how text is kept and sorted."""

    encoding: str = "UTF8"
    collate: str = ""
    ctype: str = ""
    provider: str = ""  # c, i or b, as the catalog has it
    locale: str = ""  # of ICU, or of the server's own provider


def dress(rows: Rows, name: str, like: str) -> Iterator[Composed]:
    """The statements that give a database the rights, settings and limits of another one."""
    from psycopg import sql

    database = sql.Identifier(name)
    found = rows("SELECT oid::bigint, datdba::bigint, datconnlimit, datacl IS NOT NULL FROM pg_database "
                       "WHERE datname = %s", [like])  # fmt: skip
    for oid, owner, limit, has_rights in found:
        if limit >= 0:
            yield sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}").format(database, sql.Literal(limit))
        if has_rights:
            yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
        for grantee, role, right, grantable in rows(RIGHTS, [oid, owner]):
            whom = sql.Identifier(role) if grantee else sql.SQL("PUBLIC")
            option = sql.SQL(" WITH GRANT OPTION" if grantable else "")
            yield sql.SQL("GRANT {} ON DATABASE {} TO {}{}").format(sql.SQL(right), database, whom, option)
        for role, setting in rows(SETTINGS, [oid]):
            key, _, value = setting.partition("=")
            whose = (sql.SQL("ROLE {} IN DATABASE {}").format(sql.Identifier(role), database) if role
                     else sql.SQL("DATABASE {}").format(database))  # fmt: skip
            shown = sql.SQL(value or "''") if key.lower() in LISTS else sql.Literal(value)
            yield sql.SQL("ALTER {} SET {} TO {}").format(whose, sql.Identifier(*key.split(".")), shown)
