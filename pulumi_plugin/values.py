"""What a property's value may be besides plain Python: not known yet, or secret."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

Values = dict[str, Any]


class Unknown:
    """A value that a preview cannot know yet."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN: Final = Unknown()


class Secret:
    """A value that the engine is to encrypt in its state and hide in its output."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.value == self.value

    def __hash__(self) -> int:
        return hash(str(self.value))


def has_unknown(value: Any) -> bool:
    """Whether anything in the value is unknown."""
    return value is UNKNOWN or any(map(has_unknown, _parts(value)))


def has_secret(value: Any) -> bool:
    """Whether anything in the value is marked secret."""
    return isinstance(value, Secret) or any(map(has_secret, _parts(value)))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def plain(value: Any) -> Any:
    """The value without its marks of secrecy."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def mark(values: Mapping[str, Any], secrets: Collection[str]) -> Values:
    """The properties with those of these names as `Secret`; one that is None is left out."""
    return {
        name: Secret(plain(value)) if name in secrets else value
        for name, value in values.items()
        if value is not None
    }
