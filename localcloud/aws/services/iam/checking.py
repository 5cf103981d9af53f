"""How a rule of AWS is put before what moto does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.iam.models import IAMBackend

Given = dict[str, Any]  # the arguments of moto's method, by its names
Rule = Callable[[Any, Given], None]


def before(methods: str, *rules: Rule) -> None:
    """Let the rules look at a call of these methods of moto's IAM first; one that is broken raises IAM's error."""
    for name in methods.split():
        original: Any = getattr(IAMBackend, name)
        setattr(IAMBackend, name, _checked(original, rules))


def _checked(original: Callable[..., Any], rules: tuple[Rule, ...]) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @wraps(original)
    def checked(self: Any, *arguments: Any, **named: Any) -> Any:
        given = signature.bind(self, *arguments, **named).arguments
        for rule in rules:
            rule(self, given)
        return original(self, *arguments, **named)

    return checked
