"""What a change of the files would change: what two trees declare, compared. No cloud is asked, no right needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from ops.context import Context
from ops.doors.programs import ROOT
from ops.pipeline.changes import Change, ordered
from ops.pipeline.replaced import replaced_by

Declare = Callable[[Collection[str]], list[dict[str, Any]]]
SHORT = 40  # characters of a value that is told


class UntoldError(Exception):
    """What the revision before declared cannot be found out: its program does not run with today's packages."""


@dataclass(frozen=True)
class Declared:
    """One resource."""

    kind: str
    name: str
    inputs: Mapping[str, Any]
    protected: bool
    kept: bool

    @property
    def place(self) -> str:
        """What it is found again by."""
        return f"{self.kind}::{self.name}"


def changes_since(context: Context, environment: str, revision: str) -> tuple[Change, ...]:
    """What this checkout declares otherwise than that revision did; raises `UntoldError`."""
    doors = context.doors
    commit = doors.git_answer(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise ExplainedError(
            f"cannot tell what changes since {revision}",
            "git knows no such commit here",
            hint="git fetch --all (in a shallow checkout: git fetch --unshallow)",
            code=WRONG_USE,
        )
    before: list[Declared] = []
    with TemporaryDirectory(prefix="slipway-declared-") as folder:
        doors.git_export(ROOT, commit, ".", Path(folder))
        if Path(folder, f"Pulumi.{environment}.yaml").exists():
            try:
                before = read(doors.declared(Path(folder), environment))
            except ExplainedError as error:
                raise UntoldError(str(error).partition("\n\n")[0].splitlines()[-1].strip()) from error
    return compared(before, lambda anew: doors.declared(ROOT, environment, anew))


def compared(before: Sequence[Declared], declare: Declare) -> tuple[Change, ...]:
    """What would be done; what is made anew has another address, so what is given that is looked at again."""
    anew: frozenset[str] = frozenset()
    while True:
        found = tuple(ordered(differences(before, read(declare(anew)))))
        more = anew | {f"{one.kind}::{one.name}" for one in found if one.operation == "replace"}
        if more == anew:
            return found
        anew = more


def read(told: Sequence[Mapping[str, Any]]) -> list[Declared]:
    """As the program's side writes them."""
    return [Declared(**one) for one in told]


def differences(before: Sequence[Declared], after: Sequence[Declared]) -> Iterator[Change]:
    """Resource by resource."""
    old, new = ({one.place: one for one in some} for some in (before, after))
    for place, one in old.items():
        if place not in new:
            yield Change("delete", one.kind, one.name, refused=one.protected, kept=one.kept)
    for place, one in new.items():
        if place not in old:
            yield Change("create", one.kind, one.name)
            continue
        was = old[place]
        if told := tuple(_properties(was.inputs, one.inputs)):
            fixed = replaced_by(one.kind) or frozenset()
            again = any(was.inputs.get(name) != one.inputs.get(name) for name in fixed)
            operation = "replace" if again else "update"
            yield Change(
                operation, one.kind, one.name, told, refused=again and was.protected, kept=again and was.kept
            )


def _properties(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Each that differs, with what it was and is where that is short."""
    old, new = _read(old), _read(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            yield from _properties(old.get(name), new.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _properties(was, now, f"{path}[{number}]")
    elif old != new:
        was, now = _short(old), _short(new)
        yield f"{path}: {was} → {now}" if was and now else path


def _read(value: Any) -> Any:
    """What a policy says, rather than the text that it is written in."""
    if isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError):
            return json.loads(value)
    return value


def _short(value: Any) -> str:
    """As the stack file has it; empty where it is long, or only a stand-in for what a cloud would tell."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    made_up = " of " in text or text == "…" or ".invalid" in text
    return text if isinstance(value, str | int | float) and 0 < len(text) <= SHORT and not made_up else ""
