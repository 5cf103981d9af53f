"""A policy made a little weaker, or a little stronger, in every way that one slip of the pen could."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Statement = dict[str, Any]
Document = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """The changed document, what was changed, and which actions that is about."""

    statement: str
    change: str
    document: Document
    actions: tuple[str, ...]
    gives: bool
    """Whether it lets more through than before, if it changes anything."""
    denies: bool
    """Whether the statement is one that denies."""

    def __str__(self) -> str:
        return f"{self.statement}: {self.change}"


def mutants(document: Document) -> Iterator[Mutant]:
    """Each statement dropped, without an action, resource or condition, with all of its service, on any resource."""
    for index, statement in enumerate(document["Statement"]):
        denies = statement["Effect"] == "Deny"
        for change, changed, actions, widens in _changes(statement):
            written = copy.deepcopy(document)
            written["Statement"][index : index + 1] = [changed] if changed else []
            yield Mutant(statement.get("Sid", str(index)), change, written, tuple(actions), widens != denies, denies)


def _changes(statement: Statement) -> Iterator[tuple[str, Statement | None, Sequence[str], bool]]:
    """What is changed, into what, the actions that it is about, and whether it matches more then."""
    actions = _list(statement["Action"])
    yield "dropped", None, actions, False
    for action in actions if len(actions) > 1 else ():
        yield f"without {action}", {**statement, "Action": [one for one in actions if one != action]}, [action], False
    every = sorted({f"{action.partition(':')[0]}:*" for action in actions})
    if every != sorted(actions):
        yield f"with {', '.join(every)}", {**statement, "Action": every}, every, True
    resources = _list(statement.get("Resource", []))
    for resource in resources if len(resources) > 1 else ():
        fewer = {**statement, "Resource": [one for one in resources if one != resource]}
        yield f"without {resource}", fewer, actions, False
    if resources and resources != ["*"]:
        yield "on everything", {**statement, "Resource": "*"}, actions, True
    yield from _conditions(statement, actions)


def _conditions(statement: Statement, actions: Sequence[str]) -> Iterator[tuple[str, Statement, Sequence[str], bool]]:
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            without = copy.deepcopy(statement)
            del without["Condition"][operator][key]
            if not without["Condition"][operator]:
                del without["Condition"][operator]
            if not without["Condition"]:
                del without["Condition"]
            yield f"without {operator} {key}", without, actions, True
            for value in values if isinstance(values, list) and len(values) > 1 else ():
                fewer = copy.deepcopy(statement)
                fewer["Condition"][operator][key] = [one for one in values if one != value]
                yield f"without {key} {value}", fewer, actions, False


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
