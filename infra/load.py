"""A stack's settings from the two places where they are written, through one parser."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from infra import stack_yaml
from infra.application import APPLICATION, Application
from infra.aws_account import Aws
from infra.config import ENVIRONMENTS, Stack
from infra.errors import ConfigError, StackFileError, mistakes
from infra.hosts import Declared
from infra.names import ProjectNames
from infra.running import Hosts
from infra.stack_yaml import Misread

Read = TypeVar("Read")
ROOT = Path(__file__).resolve().parents[1]
PLUGINS = {"aws", "pulumi", "random", "render"}  # their settings are theirs to check


def from_process(
    stack: str,
    environ: Mapping[str, str] = os.environ,
    folder: Path = ROOT,
    application: Application = APPLICATION,
) -> Stack:
    """What the engine passed to this program: every key, so that an unknown one is seen."""
    passed: dict[str, str] = json.loads(environ.get("PULUMI_CONFIG", "{}"))
    path = folder / f"Pulumi.{stack}.yaml"
    with suppress(OSError, StackFileError):  # then the settings are from elsewhere
        written, misread = stack_yaml.passed(path.read_bytes(), application.names)
        _refuse(path, stack, [m for m in misread if m.certain or passed.get(m.setting) == written[m.setting]])
    return _parsed(passed, stack, folder, application)


def from_file(stack: str, folder: Path = Path(), application: Application = APPLICATION) -> Stack:
    """What Pulumi.<stack>.yaml says, for those who have no engine: `render.yaml` and the commands."""
    path = folder / f"Pulumi.{stack}.yaml"
    if stack not in ENVIRONMENTS or not path.exists():
        known = ", ".join(ENVIRONMENTS)
        raise ConfigError(path.name, [f"there is no such stack; there are {known}"], stack=ENVIRONMENTS[0])
    try:
        passed, misread = stack_yaml.passed(path.read_bytes(), application.names)
    except StackFileError as error:
        raise ConfigError(path.name, [str(error)], stack=stack) from error
    _refuse(path, stack, misread)
    return _parsed(passed, stack, folder, application)


def _refuse(path: Path, stack: str, misread: Sequence[Misread]) -> None:
    if misread:
        raise ConfigError(path.name, map(str, misread), stack=stack)


def _parsed(passed: Mapping[str, str], stack: str, folder: Path, application: Application) -> Stack:
    return parse(decoded(passed), stack, _neighbours(stack, folder, application.names), application)


def decoded(passed: Mapping[str, str]) -> dict[str, Any]:
    return {key: stack_yaml.decoded(value) for key, value in passed.items()}


def _neighbours(stack: str, folder: Path, project: ProjectNames) -> dict[str, dict[str, Any]]:
    """What the other environments' stack files say; the mistakes of one are told to whoever deploys it."""
    said: dict[str, dict[str, Any]] = {}
    for other in ENVIRONMENTS:
        if other != stack:
            with suppress(OSError, StackFileError, ValueError):
                content = (folder / f"Pulumi.{other}.yaml").read_bytes()
                said[other] = decoded(stack_yaml.passed(content, project)[0])
    return said


def _hosts(settings: Mapping[str, Any]) -> Declared:
    return Hosts.model_validate({key.partition(":")[2]: value for key, value in settings.items()}).declared


def _aws(settings: Mapping[str, Any]) -> Aws:
    return Aws.model_validate({key.removeprefix("aws:"): value for key, value in settings.items()})


def _read(neighbours: Mapping[str, Mapping[str, Any]], what: Callable[[Mapping[str, Any]], Read]) -> dict[str, Read]:
    """One thing that the neighbours say; who says it wrongly is left out."""
    read = {}
    for name, settings in neighbours.items():
        with suppress(ValueError):
            read[name] = what(settings)
    return read


def sorted_out(config: Mapping[str, Any], application: Application) -> tuple[dict[str, Any], list[str]]:
    """`namespace:key` settings as the models take them, and those that are nobody's."""
    settings: dict[str, Any] = {"application": application, "aws": {}}
    wrong: list[str] = []
    for full, value in config.items():
        namespace, _, key = str(full).partition(":")
        if namespace == application.name and key not in {"application", "neighbours", "aws"}:
            settings[key] = value
        elif namespace == "aws":
            settings["aws"][key] = value
        elif namespace not in PLUGINS:
            wrong.append(f"{full}: is not a setting of {application.name} or of a plugin")
    return settings, wrong


def parse(
    config: Mapping[str, Any],
    stack: str,
    neighbours: Mapping[str, Mapping[str, Any]] | None = None,
    application: Application = APPLICATION,
) -> Stack:
    """Check `namespace:key` settings whole, and refuse those of another environment."""
    file = f"Pulumi.{stack}.yaml"
    others = neighbours or {}
    settings, wrong = sorted_out(config, application)
    settings["neighbours"] = _read(others, _aws)
    environment = settings.get("environment")
    if environment in ENVIRONMENTS and stack in ENVIRONMENTS and environment != stack:
        wrong.append(f"environment: is `{environment}`, but the stack is `{stack}`")
        settings["environment"] = stack  # its rules are the ones that count
    try:
        checked = Stack.model_validate(settings, context=_read(others, _hosts))
    except ValidationError as error:
        raise ConfigError(file, [*wrong, *mistakes(error, Stack)], stack=stack) from error
    if checked.environment != stack and not wrong:
        wrong.append(f"environment: is `{checked.environment}`, but the stack is `{stack}`")
    if wrong:
        raise ConfigError(file, wrong, stack=stack)
    return checked
