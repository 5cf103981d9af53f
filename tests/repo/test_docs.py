"""What the documents say of files and commands is true."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

import pytest
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from localcloud.__main__ import app as local_app
from ops.__main__ import app as ops_app
from ops.cost import bills, prices
from ops.environments.stacks import load_all
from tests.support.tracked import ROOT, python_files, text, tracked

DOCUMENTS = [path for path in tracked() if path.endswith(".md")]
SLIPWAY, LOCAL = typer.main.get_group(ops_app), typer.main.get_group(local_app)
SECRET, MIGRATIONS = SLIPWAY.commands["secret"], SLIPWAY.commands["migrations"]
assert isinstance(SECRET, TyperGroup)
assert isinstance(MIGRATIONS, TyperGroup)
GROUPS = (SLIPWAY, SECRET, MIGRATIONS, LOCAL)
TOP = {path.split("/")[0] for path in tracked()}
FILE = re.compile(r"^[\w-]+\.(py|md|toml|yaml|yml|lock|sh|json)$")


def spans(document: str) -> Iterator[str]:
    """What a document sets as code."""
    said = text(document)
    blocks = re.findall(r"^```\w*\n(.*?)^```", said, re.MULTILINE | re.DOTALL)
    for block in blocks:
        yield from block.splitlines()
    rest = re.sub(r"^```.*?^```", "", said, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`]+)`", rest)


def dead_links(document: str) -> list[str]:
    """Links to files that are not there, from where the document is."""
    links = re.findall(r"\]\(([^)#]+)", text(document))
    return [link for link in links if "://" not in link and not (ROOT / document).parent.joinpath(link).exists()]


def missing_files(span: str) -> list[str]:
    """The paths that a piece of code names and that are not there; `<name>` stands for any name."""
    missing = []
    for word in re.findall(r"[\w.*<>/-]+", span):
        path = re.sub(r"<\w+>", "*", word).strip(".") if not word.startswith(".") else re.sub(r"<\w+>", "*", word)
        known = any(
            fnmatchcase(one, path.rstrip("/")) or fnmatchcase(one, path.rstrip("/") + "/*") for one in tracked()
        )
        inside = "/" in path and path.split("/")[0] in TOP
        named = FILE.match(path) and any(PurePosixPath(one).name == path for one in tracked())
        if (inside and not known) or (FILE.match(path) and not known and not named):
            missing.append(word)
    return missing


def commands(said: str) -> list[list[str]]:
    """The words of each `./slipway …` in a text; ENV and the like stand for a value."""
    found = []
    for words in re.findall(r"\./slipway((?: +(?:\"[^\"]*\"|[\w./=-]+))*)", said):
        given = shlex.split(words)
        found.append(["dev" if word == "ENV" else word for word in given])
    return found


def wrong_use(words: list[str]) -> str:
    """Why the command line would refuse them; a command's name alone may be spoken of."""
    command, name = SLIPWAY, words[:1]
    if name == ["local"]:
        command, words = LOCAL, words[1:]
    if not words or words == ["--help"]:
        return ""
    found = command.commands.get(words[0])
    if found is None:
        return f"no command {' '.join(name + words if name == ['local'] else words)}"
    if len(words) == 1:
        return ""
    if getattr(found, "implied", ""):  # as `drill staging`
        return ""
    if isinstance(found, TyperGroup) and words[1] not in found.commands:
        return f"no command {' '.join(words[:2])}"
    try:
        found.make_context(words[0], [word for word in words[1:] if word != "--help"])
    except TyperException as error:
        return f"{' '.join(words)}: {error.format_message()}"
    return ""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_only_files_that_exist(document: str) -> None:
    """A renamed file is renamed in what is written about it, too."""
    assert [word for span in spans(document) for word in missing_files(span)] == []
    assert dead_links(document) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_only_commands_that_exist(document: str) -> None:
    """With arguments and options as the command line takes them."""
    assert [why for span in spans(document) for words in commands(span) if (why := wrong_use(words))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_only_modules_that_exist(document: str) -> None:
    """What is started with `python -m`."""
    modules = [name for span in spans(document) for name in re.findall(r"python -m ([\w.]+)", span)]

    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def test_hints_name_only_commands_that_exist() -> None:
    """What an error tells people to run."""
    hints = {
        (path, *words[: 2 if words[:1] == ["local"] else 1])
        for path in python_files("app/", "infra/", "localcloud/", "ops/", "registry_provider/", "render_provider/")
        for words in commands(text(path))
        if words
    }
    unknown = [
        (path, *words)
        for path, *words in hints
        if words[0] not in SLIPWAY.commands or (words[0] == "local" and words[1:] and words[1] not in LOCAL.commands)
    ]

    assert len(hints) > 5
    assert unknown == []


def test_what_is_not_there_is_seen() -> None:
    """Files, commands, values and options."""
    assert missing_files("see infra/nothing.py and nothing.py, not infra/stack.py") == [
        "infra/nothing.py",
        "nothing.py",
    ]
    assert missing_files("localcloud/aws/services/<service>.py") == []
    said = '`./slipway up ENV`, `./slipway up moon`, `./slipway fly`, eval "$(./slipway local env)"'
    assert [bool(wrong_use(words)) for words in commands(said)] == [False, True, True, False]
    assert wrong_use(["outputs", "dev", "--nope"])
    assert wrong_use(["local", "fly"])
    assert wrong_use(["secret", "fly"])


def test_the_prices_in_the_readme_are_those_of_bootstrap() -> None:
    """The sums, of which day they are, and where from: from the stack files and the one table."""
    sums = "\n".join(line[:20] for line in bills.lines(bills.bills(load_all())))

    assert f"```\n{sums}\n```" in text("README.md")
    assert f"at the prices of {prices.AS_OF} ({prices.SOURCE})" in text("README.md")


@pytest.mark.parametrize("name", sorted(SLIPWAY.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    """What is not shown is not found."""
    assert any(words[:1] == [name] for span in spans("README.md") for words in commands(span))


@pytest.mark.parametrize("name", sorted(SECRET.commands))
def test_every_command_on_secrets_is_in_the_readme(name: str) -> None:
    """Likewise."""
    assert any(words[:2] == ["secret", name] for span in spans("README.md") for words in commands(span))


@pytest.mark.parametrize("name", sorted(LOCAL.commands))
def test_every_command_of_the_local_cloud_is_in_the_readme(name: str) -> None:
    """Likewise."""
    assert any(words[:2] == ["local", name] for span in spans("README.md") for words in commands(span))


@pytest.mark.parametrize(
    ("group", "name"),
    [pytest.param(one, name, id=name) for one in GROUPS for name in sorted(one.commands)],
)
def test_every_command_and_option_has_its_help(group: TyperGroup, name: str) -> None:
    """A full sentence."""
    command = group.commands[name]
    first = (command.help or "").split("\n\n")[0]

    assert first[:1].isupper()
    assert first.endswith(".")
    helps = {one.name: getattr(one, "help", None) or "" for one in command.params if one.name != "help"}
    assert [name for name, text_ in helps.items() if not text_.endswith(".")] == []


def test_every_decision_is_numbered_once_and_has_its_three_parts() -> None:
    """What was decided, why, and what it costs."""
    records = [path for path in DOCUMENTS if path.startswith("docs/adr/")]
    numbers = [PurePosixPath(path).name[:4] for path in records]

    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)]
    assert [path for path in records if not text(path).startswith(f"# {PurePosixPath(path).name[:4]} ")] == []
    assert [
        path
        for path in records
        if re.findall(r"^\*\*(\w+)\.\*\*", text(path), re.MULTILINE) != ["Decision", "Why", "Price"]
    ] == []
    assert [path for path in records if len(text(path).splitlines()) > 60] == []
