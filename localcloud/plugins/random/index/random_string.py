"""Random texts."""

from __future__ import annotations

import secrets
import string as characters
from collections.abc import Mapping
from typing import ClassVar

from localcloud.plugins.fields import Fields, boolean, integer, string
from localcloud.plugins.random.value import KEEPERS, RandomValue
from pulumi_plugin.values import Values, has_unknown

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES = {
    "lower": ("minLower", characters.ascii_lowercase),
    "upper": ("minUpper", characters.ascii_uppercase),
    "numeric": ("minNumeric", characters.digits),
    "special": ("minSpecial", SPECIAL),
}
_FIELDS: Fields = {
    "length": integer(required=True, replace=True),
    **{name: boolean(default=True, replace=True) for name in _CLASSES},
    **{minimum: integer(default=0, replace=True) for minimum, _ in _CLASSES.values()},
    "overrideSpecial": string(replace=True),
    **KEEPERS,
}


class RandomString(RandomValue):
    """A text whose value is no secret; its id is the text."""

    type_ = "random:index/randomString:RandomString"
    fields: ClassVar[Fields] = _FIELDS
    outputs = ("result",)
    only_from_create = frozenset({"result"})

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """The minima must fit, and there must be something to choose from."""
        if has_unknown({name: inputs.get(name) for name in _FIELDS if name != "keepers"}):
            return {}
        least = sum(inputs[minimum] for minimum, _ in _CLASSES.values())
        if inputs["length"] < max(least, 1):
            return {"length": f"must be at least {max(least, 1)}, the sum of all minima"}
        if not any(_alphabets(inputs).values()):
            return {"length": "no kind of character is allowed"}
        return {}

    def make(self, inputs: Values) -> tuple[str, Values]:
        """As many of each kind as asked for, the rest of any kind, in any order."""
        result = generate(inputs)
        return result, {"result": result}

    def adopt(self, given: str) -> Values:
        """The text itself is the id."""
        return {"result": given, "length": len(given), **_defaults()}


def generate(inputs: Values) -> str:
    """A text as the inputs ask for it."""
    chosen: list[str] = []
    alphabets = _alphabets(inputs)
    for name, (minimum, _) in _CLASSES.items():
        chosen += [secrets.choice(_kind(name, inputs)) for _ in range(inputs[minimum])]
    everything = "".join(alphabets.values())
    chosen += [secrets.choice(everything) for _ in range(inputs["length"] - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


def _kind(name: str, inputs: Values) -> str:
    return str(inputs.get("overrideSpecial") or SPECIAL) if name == "special" else _CLASSES[name][1]


def _alphabets(inputs: Values) -> dict[str, str]:
    return {name: _kind(name, inputs) for name in _CLASSES if inputs[name]}


def _defaults() -> Values:
    return {name: field.default for name, field in _FIELDS.items() if field.default is not None}
