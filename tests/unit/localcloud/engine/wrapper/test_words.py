"""A command line is read as the CLI's own libraries read it."""

from __future__ import annotations

import pytest

from localcloud.engine.wrapper.words import Words


@pytest.mark.parametrize(
    "line",
    [
        "up -s staging",
        "update -sstaging",
        "preview -s=staging",
        "pre --stack=staging",
        "--stack staging destroy",
        "--non-interactive -s staging --color never dn",
        "refresh -es staging",
        "up -eys=staging",
        "up -m --stack --stack staging",
        "preview --target x --stack dev --stack staging -v 3",
        "watch -r -s staging",
        "import -f resources.json -s staging",
        "config -s staging set a b",
        "config set a b --path -s staging",
        "config set-all --plaintext -s --stack staging",
        "stack select -cs staging",
        "up --refresh -s staging",
        "logs -r x --stack staging",
    ],
)
def test_the_stack_is_known_however_it_is_named(line: str) -> None:
    """Before and after the command, among switches, joined or not; the last one counts."""
    assert Words(line.split()).value("stack") == "staging"


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("dn", "destroy", []),
        ("stack init dev", "stack new", ["dev"]),
        ("stack hist", "stack history", []),
        ("stack output url", "stack output", ["url"]),
        ("-C .. config --stack x rm-all a b", "config remove-all", ["a", "b"]),
        ("config env ls", "config env list", []),
        ("config get set", "config get", ["set"]),
        ("up -- -s staging", "up", ["-s", "staging"]),
        ("state mv --source a urn", "state move", ["urn"]),
        ("logs delete", "logs remove", []),
        ("-h", "", []),
        ("config set a -", "config set", ["a", "-"]),
    ],
)
def test_a_command_is_known_by_all_its_names(line: str, command: str, arguments: list[str]) -> None:
    """Its arguments follow it, whatever options stand between."""
    words = Words(line.split())

    assert (words.command, words.arguments) == (command, arguments)
    assert not words.value("stack") or "-s" not in arguments


def test_an_option_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the CLI's own name for it; the command line comes first."""
    monkeypatch.setenv("PULUMI_OPTION_CONFIG_FILE", "a.yaml")

    assert Words(["up"]).value("config-file") == "a.yaml"
    assert Words(["up", "--config-file", "b.yaml"]).value("config-file") == "b.yaml"


def test_an_added_option_counts_and_leaves_what_follows_the_dashes() -> None:
    """The last one is the one that the CLI takes."""
    words = Words(["up", "--config-file", "a", "--", "x"]).with_option("config-file", "b")

    assert words.words == ["up", "--config-file", "a", "--config-file=b", "--", "x"]
    assert words.value("config-file") == "b"
