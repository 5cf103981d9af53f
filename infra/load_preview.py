"""The settings of previews, from the two places where they are written."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from infra import stack_yaml
from infra.application import APPLICATION, Application
from infra.errors import ConfigError, StackFileError, mistakes
from infra.load import ROOT, decoded, sorted_out
from infra.names import PREVIEW
from infra.preview import Preview, Previews

Kind = TypeVar("Kind", bound=Previews)


def from_process(
    stack: str, environ: Mapping[str, str] = os.environ, application: Application = APPLICATION
) -> Preview:
    """What the engine passed to this program."""
    preview = _parsed(json.loads(environ.get("PULUMI_CONFIG", "{}")), stack, Preview, application)
    if preview.stack != stack:
        raise ConfigError(
            f"Pulumi.{stack}.yaml", [f"pull: is {preview.pull}, but the stack is `{stack}`"], stack=stack
        )
    return preview


def shared(folder: Path = ROOT, application: Application = APPLICATION) -> Previews:
    """What Pulumi.preview.yaml says of all of them."""
    return _parsed(_written(folder, application), PREVIEW, Previews, application)


def one(given: Mapping[str, str], folder: Path = ROOT, application: Application = APPLICATION) -> tuple[Preview, str]:
    """The preview that these settings make of it, and the stack file that says so to the engine."""
    said = {application.names.setting(key): value for key, value in given.items()}
    passed = {**_written(folder, application), **said}
    preview = _parsed(passed, PREVIEW, Preview, application)
    # JSON is YAML; what the engine passes on is text for text what was read.
    return preview, json.dumps({"config": decoded(passed)}, indent=2)


def _written(folder: Path, application: Application) -> dict[str, str]:
    path = folder / f"Pulumi.{PREVIEW}.yaml"
    try:
        passed, misread = stack_yaml.passed(path.read_bytes(), application.names)
    except (OSError, StackFileError) as error:
        raise ConfigError(path.name, [str(error)], stack=PREVIEW) from error
    if misread:
        raise ConfigError(path.name, map(str, misread), stack=PREVIEW)
    return passed


def _parsed(passed: Mapping[str, Any], stack: str, kind: type[Kind], application: Application) -> Kind:
    file = f"Pulumi.{stack}.yaml"
    settings, wrong = sorted_out(decoded(passed), application)
    try:
        checked = kind.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(file, [*wrong, *mistakes(error, kind)], stack=stack) from error
    if wrong:
        raise ConfigError(file, wrong, stack=stack)
    return checked
