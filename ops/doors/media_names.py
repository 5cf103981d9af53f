"""The door to the names of files in a database: the values of a column, each once, in the order of their bytes."""

from __future__ import annotations

from collections.abc import Iterator

from console.errors import ExplainedError

AT_ONCE = 5000  # rows


def names(url: str, table: str, column: str) -> Iterator[str]:
    """Not held here: the server sorts. `table` may have its schema in front."""
    import psycopg
    from psycopg import sql

    query = sql.SQL(
        "SELECT value FROM (SELECT DISTINCT {column}::text AS value FROM {table}) AS named"
        " WHERE value <> '' ORDER BY convert_to(value, 'UTF8')"
    ).format(column=sql.Identifier(column), table=sql.Identifier(*table.split(".")))
    try:
        with psycopg.connect(url, connect_timeout=10) as connection, connection.cursor("slipway_media") as cursor:
            connection.read_only = True
            cursor.itersize = AT_ONCE
            for (value,) in cursor.execute(query):
                yield value
    except psycopg.Error as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ExplainedError(f"cannot read which files {table}.{column} names", said) from error
