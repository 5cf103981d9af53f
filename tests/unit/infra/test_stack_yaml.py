"""A stack file is read as Pulumi's engine reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from infra import stack_yaml
from infra.application import APPLICATION
from infra.blueprint import render_yaml
from infra.config import Stack
from infra.errors import ConfigError, StackFileError
from infra.load import from_file, from_process
from infra.stack_yaml import Misread, decoded
from tests.support.stack_files import FILES, VALUES, file_of

ROOT = Path(__file__).parents[3]
STAGING = (ROOT / "Pulumi.staging.yaml").read_text()
ENCRYPTED = stack_yaml.ENCRYPTED.format(setting="cams:secrets")


def passed(content: bytes) -> tuple[dict[str, str], list[Misread]]:
    """What the engine passes on to our program."""
    return stack_yaml.passed(content, APPLICATION.names)


def changed(folder: Path, before: str, after: str) -> dict[str, str]:
    """Staging's file with a change; returns what the engine passes on for it."""
    assert STAGING.count(before) == 1
    path = folder / "Pulumi.staging.yaml"
    path.write_text(STAGING.replace(before, after))
    return passed(path.read_bytes())[0]


@pytest.mark.parametrize(("place", "written"), [*enumerate(VALUES)], ids=[*map(repr, VALUES)])
def test_a_value_is_what_the_engine_passes_on(place: int, written: str) -> None:
    """As a setting, and inside of one."""
    settings, _ = passed(file_of(VALUES))

    assert settings[f"cams:k{place}"] == VALUES[written]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_or_refused_as_by_the_engine(name: str) -> None:
    """Whatever way it is written."""
    content, wanted = FILES[name]
    if wanted is None:
        with pytest.raises(StackFileError):
            passed(content)
    else:
        assert passed(content)[0] == wanted


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"123456789012"', "012345678901", "aws/allowedAccountIds/0: `012345678901` is read as 12345678901"),
        ('"123456789012"', "123456789012", "aws/allowedAccountIds/0: Input should be a valid string"),
        ('"16"', "16", "database/version: Input should be '13', '14', '15', '16', '17' or '18'"),
        ("cams:branch: staging", "cams:branch: 1e10", "branch: `1e10` is read as 10000000000"),
        ("cams:branch: staging", "cams:branch: 0017", "branch: `0017` is read as 15"),
        ("cams:branch: staging", "branch: 1_000", "branch: `1_000` is read as 1000"),
        ("branch: staging", "branch: 2026-01-01", "branch: `2026-01-01` is read as 2026-01-01 00:00:00 +0000 UTC"),
        ("disk_gb: 15", "disk_gb: 015", "database/disk_gb: `015` is read as 13"),
    ],
)  # fmt: skip
def test_what_is_read_otherwise_than_it_is_written_is_refused(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    """By the commands and by the program alike, with what mends it."""
    settings = changed(tmp_path, before, after)

    with pytest.raises(ConfigError) as ours:
        from_file("staging", tmp_path)
    with pytest.raises(ConfigError) as programs:
        from_process("staging", {"PULUMI_CONFIG": json.dumps(settings)}, tmp_path)

    assert ours.value.mistakes == programs.value.mistakes == (f"{told}; put it in quotes",)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("  cams:branch: staging\n  branch: x", "branch: is there twice; `branch` and `cams:branch` are one setting"),
        ("  cams:branch: {secure: v1:a:b}", f"branch: {ENCRYPTED}"),
        ("  cams:branch: staging\n  cams:variables: {FOO: {secure: v1:a:b}}", f"variables: {ENCRYPTED}"),
    ],
)  # fmt: skip
def test_what_no_stack_file_may_hold_is_refused_by_both(tmp_path: Path, after: str, told: str) -> None:
    """Of a setting that is there twice, the engine takes one by chance; what is encrypted it decrypts."""
    settings = changed(tmp_path, "  cams:branch: staging", after)

    readers: tuple[Callable[[], Stack], ...] = (
        lambda: from_file("staging", tmp_path),
        lambda: from_process("staging", {"PULUMI_CONFIG": json.dumps(settings | {"cams:branch": "any"})}, tmp_path),
    )
    for read in readers:
        with pytest.raises(ConfigError) as refused:
            read()
        assert refused.value.mistakes == (told,)


def test_an_empty_file_is_told_in_one_way(tmp_path: Path) -> None:
    """All that is required, by the commands and by the program alike."""
    (tmp_path / "Pulumi.staging.yaml").write_bytes(b"")

    with pytest.raises(ConfigError) as ours:
        from_file("staging", tmp_path)
    with pytest.raises(ConfigError) as programs:
        from_process("staging", {"PULUMI_CONFIG": "{}"}, tmp_path)

    assert ours.value.mistakes == programs.value.mistakes
    assert "environment: is required" in ours.value.mistakes


@pytest.mark.parametrize(
    ("before", "after", "name", "value"),
    [
        ("cams:region: frankfurt", "cams:region: frankfurt\n  cams:auto_deploy: off", "auto_deploy", "off"),
        ("cams:branch: staging", "cams:branch: yes", "branch", "yes"),
        ("cams:branch: staging", "cams:branch: 42", "branch", "42"),
        ("cams:branch: staging", "branch: '0017'", "branch", "0017"),
        ("cams:branch: staging", "cams:branch: 4dabf18e", "branch", "4dabf18e"),
    ],
)
def test_what_is_text_to_the_engine_is_text_to_the_commands(
    tmp_path: Path, before: str, after: str, name: str, value: str
) -> None:
    """`off` is the documented way to switch deploys off."""
    settings = changed(tmp_path, before, after)

    ours = from_file("staging", tmp_path)

    assert getattr(ours, name) == value
    assert from_process("staging", {"PULUMI_CONFIG": json.dumps(settings)}, tmp_path) == ours


def test_settings_from_another_file_are_not_held_against_this_one(tmp_path: Path) -> None:
    """With `--config-file` the engine reads another."""
    other = passed(STAGING.encode())[0]
    changed(tmp_path, "cams:branch: staging", "cams:branch: 1e10")

    assert from_process("staging", {"PULUMI_CONFIG": json.dumps(other)}, tmp_path).branch == "staging"


def test_a_file_of_no_known_encoding_is_told_without_a_traceback(tmp_path: Path) -> None:
    """It is a mistake of the file like any other."""
    (tmp_path / "Pulumi.staging.yaml").write_bytes(STAGING.encode() + b"# \xe9\n")

    with pytest.raises(ConfigError, match="incomplete UTF-8"):
        from_file("staging", tmp_path)


def test_text_that_only_looks_like_json_stays_text() -> None:
    """A value may begin with a bracket."""
    assert (decoded("[1"), decoded('{"a":1}')) == ("[1", {"a": 1})


def test_the_blueprint_is_in_quotes_where_its_reader_would_see_a_number(tmp_path: Path) -> None:
    """What one library writes plainly is a number to Render's."""
    changed(tmp_path, "cams:web:", 'cams:variables: {LOG_LEVEL: "1e10"}\n  cams:web:')

    written = render_yaml([from_file("staging", tmp_path)])

    assert "value: '1e10'\n" in written
    assert yaml.safe_load(written)["version"] == "1"
