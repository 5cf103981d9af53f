"""What a person reads when a stack file cannot be deployed: every mistake at once, each with its path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from console.errors import WRONG_USE, ExplainedError

KINDS = {"tuple_type": "Input should be a list, such as [A, B]"}  # as people know it, not as Python does


class StackFileError(Exception):
    """It is no YAML, or none that the engine reads; one line."""


class ConfigError(ExplainedError):
    """`what: why`, the mistakes one a line, a blank line, and the command to run afterwards."""

    def __init__(self, file: str, mistakes: Iterable[str], *, stack: str) -> None:
        self.mistakes = tuple(mistakes)
        count = f"{len(self.mistakes)} setting{'s are' if len(self.mistakes) > 1 else ' is'} wrong"
        listed = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        super().__init__(
            f"{file} is not deployable",
            f"{count}\n{listed}",
            hint=f"correct {file}, then look at what would change: pulumi preview --stack {stack}",
            code=WRONG_USE,
        )


def missing_secrets(names: Sequence[str], *, stack: str) -> ExplainedError:
    """The same for secrets that the stack file names and nobody has set: all of them, each with its command."""
    count = f"{len(names)} secrets that it names are" if len(names) > 1 else "a secret that it names is"
    commands = "\n      ".join(f"./slipway secret set {stack} {name}" for name in names)
    why = f"{count} not set: {', '.join(names)}"
    return ExplainedError(f"Pulumi.{stack}.yaml is not deployable", why, hint=commands)


def mistakes(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Pydantic's errors as `path: why`; a model's own rules raise one ValueError with a line for each breach."""
    messages: list[str] = []
    for mistake in error.errors(include_url=False):
        path = "/".join(str(part) for part in mistake["loc"])
        if mistake["type"] == "extra_forbidden":
            messages.append(f"{path}: is not a setting{_suggestion(mistake['loc'], model)}")
        elif mistake["type"] == "missing":
            messages.append(f"{path}: is required")
        else:
            given, why = mistake["input"], KINDS.get(mistake["type"], mistake["msg"])
            bare = isinstance(given, int | float) and (mistake["type"] == "string_type" or f"'{given}'" in why)
            quoted = "; put it in quotes" if bare else ""
            lines = [line + quoted for line in why.removeprefix("Value error, ").splitlines()]
            messages += [f"{path}: {line}" if path else line for line in lines]
    return messages


def _suggestion(path: tuple[int | str, ...], model: type[BaseModel]) -> str:
    whole, dot, _ = str(path[0]).partition(".")
    if dot and whole in model.model_fields:  # as `pulumi config set web.instances 2` writes it
        return f"; take it away, and set a part of `{whole}` with: pulumi config set --path"
    known: Any = model
    for part in path[:-1]:
        if isinstance(part, str):
            known = known.model_fields[part].annotation
        while get_args(known):  # tuple[Model, ...] and Model | None hold the model that was meant
            known = get_args(known)[0]
    settings = [name for name, field in known.model_fields.items() if not field.exclude]
    close = get_close_matches(str(path[-1]), settings, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
