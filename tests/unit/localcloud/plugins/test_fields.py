"""What makes two inputs the same, and what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.plugins.checks import one_of
from localcloud.plugins.fields import (
    Field,
    boolean,
    integer,
    json_text,
    mapping,
    object_problems,
    ordered,
    policy,
    same,
    string,
    structure,
    unordered,
)
from pulumi_plugin.values import UNKNOWN


def document(**statement: Any) -> str:
    """A policy of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ALLOW = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["*"]}


@pytest.mark.parametrize(
    ("field", "one", "other", "equal"),
    [
        (string(), "", None, True),
        (string(default="/"), None, "/", True),
        (unordered(), ["a", "b"], ["b", "a"], True),
        (unordered(), [], None, True),
        (ordered(), ["a", "b"], ["b", "a"], False),
        (mapping(), {}, None, True),
        (boolean(), False, None, False),
        (boolean(default=False), False, None, True),
        (integer(), 3, UNKNOWN, False),
        (structure({"a": string(default="x")}), {}, {"a": "x"}, True),
        (json_text(), '{"a": 1}', '{ "a":1 }', True),
        (json_text(), '{"a": [1, 2]}', '{"a": [2, 1]}', False),
        (policy(), document(**ALLOW), document(**{**ALLOW, "Resource": "*"}), True),
        (policy(), document(**ALLOW), document(**{**ALLOW, "Action": ALLOW["Action"][::-1]}), True),
        (policy(), document(**ALLOW), document(**{**ALLOW, "Action": "s3:GetObject"}), False),
        (policy(), document(**ALLOW), document(**{**ALLOW, "Effect": "Deny"}), False),
        (policy(), document(Principal="*", **ALLOW), document(Principal={"AWS": "*"}, **ALLOW), True),
    ],
)
def test_values_are_compared_by_what_they_mean(field: Field, one: Any, other: Any, equal: bool) -> None:
    """An unknown value is the same as nothing."""
    assert same(field, one, other) is equal
    assert same(field, other, one) is equal


FIELDS = {
    "name": string(required=True),
    "mode": string(valid=(one_of("A", "B"),)),
    "count": integer(),
    "rules": ordered(structure({"days": integer(required=True)})),
    "policy": policy(),
}


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"name": "a", "mode": "B", "count": 1, "rules": [{"days": 1}], "policy": "{}"}, []),
        ({}, ["name"]),
        ({"name": UNKNOWN, "mode": "C"}, ["mode"]),
        ({"name": "a", "cuont": 1}, ["cuont"]),
        ({"name": "a", "count": "1"}, ["count"]),
        ({"name": "a", "count": True}, ["count"]),
        ({"name": "a", "rules": [{"days": 1}, {"dys": 1}]}, ["rules[1].dys", "rules[1].days"]),
        ({"name": "a", "rules": {"days": 1}}, ["rules"]),
        ({"name": "a", "policy": "{"}, ["policy"]),
    ],
)
def test_each_problem_has_the_path_of_its_property(values: dict[str, Any], paths: list[str]) -> None:
    """All of them at once; unknown values are no problem."""
    assert [path for path, _ in object_problems(FIELDS, values)] == paths


def test_a_problem_never_shows_the_value() -> None:
    """It may be a secret."""
    [(_, reason)] = object_problems({"token": mapping()}, {"token": "canary"})

    assert reason == "expected an object, got a string"
