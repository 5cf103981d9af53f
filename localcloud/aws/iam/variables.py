"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}` for a star itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from localcloud.aws.iam.patterns import Part

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"^\s*([^,]+?)\s*,\s*'(.*)'\s*$", re.DOTALL)


def filled(text: str, context: Mapping[str, Sequence[str]]) -> Sequence[Part] | None:
    """A text of a policy with its variables filled in; None where one has no single value and no default.

    Such a text is like nothing (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    pieces = _pieces(text)
    if len(pieces) == 1:
        return ((pieces[0], True),)
    parts: list[Part] = []
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            parts.append((piece, True))
            continue
        value = _value(piece, context)
        if value is None:
            return None
        parts.append((value, False))
    return parts


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_VARIABLE.split(text))


def _value(variable: str, context: Mapping[str, Sequence[str]]) -> str | None:
    if variable in ("*", "?", "$"):
        return variable
    given = _DEFAULT.match(variable)
    key, default = (given[1], given[2]) if given else (variable.strip(), None)
    values = context.get(key.lower(), ())
    return values[0] if len(values) == 1 else default
