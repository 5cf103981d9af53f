"""What an environment consists of, as its state says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - Pulumi's own mark on a secret value, not a secret


def shown(resources: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """A stack's outputs without its secrets, and how many resources it has, as Pulumi counts them."""
    every = list(resources)
    stack = next((one for one in every if one["type"] == "pulumi:pulumi:Stack"), None)
    declared: dict[str, Any] = stack.get("outputs", {}) if stack else {}
    counted = [one for one in every if not one["type"].startswith("pulumi:providers:")]
    return {name: value for name, value in sorted(declared.items()) if not _secret(value)}, len(counted)


def _secret(value: Any) -> bool:
    """Whether a value is secret or holds one."""
    if isinstance(value, dict):
        return SECRET in value or any(map(_secret, value.values()))
    return isinstance(value, list) and any(map(_secret, value))
