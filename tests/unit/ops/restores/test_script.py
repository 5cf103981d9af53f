"""What of an SQL script reaches `psql`, and what of it never does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.errors import ExplainedError
from ops.restores.script import Script

HEAD = "--\n-- PostgreSQL database dump\n--\n\n"
TAIL = "\n--\n-- PostgreSQL database dump complete\n--\n\n"
COPY = "COPY public.t (a) FROM stdin;\n\\N\nit's \\\\. \\! ls\n-- no comment\n\\.\n"


def passed(text: str, *, size: int = 7, server: int = 16, superuser: bool = False) -> tuple[str, Script]:
    """What is given on of a script that comes in pieces of that size."""
    script = Script({"cams", "reader"}, server, superuser=superuser)
    data = text.encode()
    pieces: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(script.passed(pieces)).decode(), script


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 64, 10_000])
def test_data_passes_as_it_is_however_it_is_cut_into_pieces(size: int) -> None:
    """Whatever stands in it."""
    values = "INSERT INTO t VALUES ('a\n\\b;--', E'\\'', $$\n\\x$$, \"o\"\"x\");"
    text = HEAD + COPY + COPY + values + TAIL

    assert passed(text, size=size)[0] == text


def test_owners_go_and_so_do_grants_to_who_is_not_there() -> None:
    """Everything is the restoring role's; grants to roles that are there stay, and what goes is told."""
    text = (
        "ALTER TABLE t OWNER TO somebody;\nGRANT SELECT ON TABLE t TO reader;\nGRANT SELECT ON TABLE t TO gone;\n"
        'GRANT ALL ON t TO "Odd ""One";\nREVOKE ALL ON t FROM PUBLIC;\nSET SESSION AUTHORIZATION x;\n'
    )

    given, script = passed(f"{HEAD}{text}{TAIL}")

    assert given.removeprefix(HEAD).splitlines()[:2] == [
        "GRANT SELECT ON TABLE t TO reader;",
        "REVOKE ALL ON t FROM PUBLIC;",
    ]
    assert script.missing == {"gone", 'Odd "One'}


def test_the_same_words_within_a_function_stay() -> None:
    """They are its body."""
    body = "CREATE FUNCTION f() AS $_$\nALTER TABLE t OWNER TO x;\nGRANT ALL ON t TO gone;\n$_$;\n"
    text = HEAD + body + TAIL

    assert passed(text)[0] == text


def test_what_the_server_does_not_know_or_allow_is_left_out() -> None:
    """A setting of version 17, a comment that is the superuser's, the protection that newer dumps bring along."""
    lines = "\\restrict abc\nSET transaction_timeout = 0;\nCOMMENT ON EXTENSION x IS 'y';\n"
    text = f"{HEAD}{lines}{TAIL}\\unrestrict abc\n"

    assert passed(text)[0] == HEAD + TAIL
    assert "timeout" in passed(text, server=17)[0]
    assert "COMMENT" in passed(text, superuser=True)[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1;\n\\! ls\n", "a command for psql"),
        ("SELECT 1 \\! ls\n;\n", "a command for psql"),
        ("\\connect other\n", "a command for psql"),
        ("CREATE DATABASE other;\n", "more than one database"),
        ("CREATE ROLE other;\n", "more than one database"),
        ("SET standard_conforming_strings = off;\n", "a backslash means more"),
        ("--\n-- PostgreSQL database cluster dump\n--\n", "by pg_dumpall"),
    ],
)
def test_what_could_do_harm_is_refused(text: str, said: str) -> None:
    """Whoever made the file may not start programs here, nor touch another database."""
    with pytest.raises(ExplainedError, match=said):
        passed(text)


@pytest.mark.parametrize("cut", [HEAD, f"{HEAD}{COPY}", f"{HEAD}{COPY[:-4]}", f"{HEAD}SELECT 'a", f"{HEAD}SELECT 1"])
def test_a_script_that_is_cut_off_fails_before_its_end_is_given(cut: str) -> None:
    """So that its transaction is never committed."""
    with pytest.raises(ExplainedError, match="cut off"):
        passed(cut)


def test_a_script_by_somebody_else_is_taken_where_its_last_statement_ends() -> None:
    """Nothing else in it says whether it is whole."""
    given, script = passed("CREATE TABLE t (a int);")

    assert given == "CREATE TABLE t (a int);\n"
    assert not script.from_pg_dump
    with pytest.raises(ExplainedError, match="cut off"):
        passed("CREATE TABLE t (a int)")
