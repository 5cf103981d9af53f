"""A stack's settings from the two places where they are written, through one parser."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from infra import stack_yaml
from infra.application import APPLICATION, Application
from infra.config import ENVIRONMENTS, Hosts, Stack
from infra.errors import ConfigError, StackFileError, mistakes
from infra.hosts import Declared
from infra.names import ProjectNames
from infra.stack_yaml import Misread

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
    config = _decoded(passed)
    return parse(config, stack, _others(config, stack, folder, application.names), application)


def _decoded(passed: Mapping[str, str]) -> dict[str, Any]:
    return {key: stack_yaml.decoded(value) for key, value in passed.items()}


def _others(config: Mapping[str, Any], stack: str, folder: Path, project: ProjectNames) -> dict[str, Declared]:
    """What the other environments' stack files say of hosts, for one that names any itself."""
    declared: dict[str, Declared] = {}
    if not {project.setting("domains"), project.setting("allowed_hosts")} & config.keys():
        return declared
    for other in ENVIRONMENTS:
        if other != stack:
            try:
                theirs = _decoded(stack_yaml.passed((folder / f"Pulumi.{other}.yaml").read_bytes(), project)[0])
                hosts = Hosts.model_validate({key.partition(":")[2]: value for key, value in theirs.items()})
                declared[other] = hosts.declared
            except (OSError, StackFileError, ValueError):
                continue  # its mistakes are told to whoever deploys it
    return declared


def parse(
    config: Mapping[str, Any],
    stack: str,
    others: Mapping[str, Declared] | None = None,
    application: Application = APPLICATION,
) -> Stack:
    """Check `namespace:key` settings whole, and refuse those of another environment."""
    file = f"Pulumi.{stack}.yaml"
    settings: dict[str, Any] = {"application": application, "aws": {}}
    wrong: list[str] = []
    for full, value in config.items():
        namespace, _, key = str(full).partition(":")
        if namespace == application.name and key not in {"application", "aws"}:
            settings[key] = value
        elif namespace == "aws":
            settings["aws"][key] = value
        elif namespace not in PLUGINS:
            wrong.append(f"{full}: is not a setting of {application.name} or of a plugin")
    environment = settings.get("environment")
    if environment in ENVIRONMENTS and stack in ENVIRONMENTS and environment != stack:
        wrong.append(f"environment: is `{environment}`, but the stack is `{stack}`")
        settings["environment"] = stack  # its rules are the ones that count
    try:
        checked = Stack.model_validate(settings, context=others)
    except ValidationError as error:
        raise ConfigError(file, [*wrong, *mistakes(error, Stack)], stack=stack) from error
    if checked.environment != stack and not wrong:
        wrong.append(f"environment: is `{checked.environment}`, but the stack is `{stack}`")
    if wrong:
        raise ConfigError(file, wrong, stack=stack)
    return checked
