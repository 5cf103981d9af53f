"""A checked-in stack file's settings, changed for a test, and the mistakes that are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.errors import ConfigError
from infra.load import parse

ROOT = Path(__file__).parents[2]


def settings(environment: str = "staging", **changes: Any) -> dict[str, Any]:
    """A checked-in stack file's settings; a change is `database__plan=…`, `None` takes the setting away."""
    config: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{environment}.yaml").read_text())["config"]
    for path, value in changes.items():
        *sections, last = path.split("__")
        place: dict[str, Any] = config
        for depth, section in enumerate(sections):
            place = place.setdefault(f"cams:{section}" if depth == 0 else section, {})
        name = last if sections else f"cams:{last}"
        if value is None:
            place.pop(name)
        else:
            place[name] = value
    return config


def refused(config: Mapping[str, Any], stack: str = "staging") -> list[str]:
    """The mistakes that are told."""
    with pytest.raises(ConfigError) as told:
        parse(config, stack)
    return list(told.value.mistakes)
