"""A plan is carried out as the environment's key has sealed it, and not when anybody has touched it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.errors import ExplainedError
from tests.support.plan_fakes import Planned, said


@pytest.fixture
def there() -> Planned:
    """As it was when the plan was made."""
    return Planned()


def flipped(text: str) -> str:
    """One bit of what is sealed."""
    hidden = bytearray(b64decode(text))
    hidden[-1] ^= 1
    return b64encode(hidden).decode()


EDITED = "it was edited, or not sealed with the key of staging as that is now"
FOREIGN = "it is not one that `./slipway preview --save` has written"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda file: file["bound"].update(tree="7f" * 20), EDITED),
        (lambda file: file["bound"].update(more="words"), EDITED),
        (lambda file: file["bound"]["resources"].clear(), EDITED),
        (lambda file: file.update(plan=flipped(file["plan"])), EDITED),
        (lambda file: file.update(plan=""), EDITED),
        (lambda file: file.update(key=flipped(file["key"])), EDITED),
        (lambda file: file.update(key=""), EDITED),
        (lambda file: file.update(plan="no base64"), FOREIGN),
        (lambda file: file.update(plan=7), FOREIGN),
        (lambda file: file.pop("bound"), FOREIGN),
        (lambda file: file.update(bound=[]), FOREIGN),
        (lambda file: file.update(slipway_plan=2), "it is of format 2, and this is a Slipway of format 1"),
        (lambda file: file["bound"].update(environment="prod"), "it is a plan of prod"),
    ],
)
def test_a_plan_that_was_edited_is_refused(
    there: Planned, tmp_path: Path, edit: Callable[[dict[str, Any]], Any], why: str
) -> None:
    """Whatever was touched: what it is bound to, the plan, or the key."""
    file = json.loads(there.file(tmp_path).read_text())
    edit(file)

    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(json.dumps(file).encode())

    assert said(caught) == why


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"manifest": {}, "resourcePlans": {}}'])
def test_what_is_no_plan_is_refused(there: Planned, text: bytes) -> None:
    """Empty, cut off, or what a bare `pulumi preview --save-plan` has written."""
    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(text)

    assert said(caught) == FOREIGN


def test_a_plan_that_somebody_else_has_sealed_is_refused(there: Planned, tmp_path: Path) -> None:
    """With a key that every environment of the account may use."""
    text = there.file(tmp_path).read_text()
    file = json.loads(text)
    file["key"] = b64encode(b64decode(file["key"]).replace(b"alias/cams-staging", b"alias/cams-state")).decode()

    with pytest.raises(ExplainedError) as caught:
        there.planning().fitting(json.dumps(file).encode())

    assert said(caught) == EDITED


def test_an_environment_without_a_key_yet_is_planned_with_the_accounts(there: Planned, tmp_path: Path) -> None:
    """Its own one comes with its first `up`; without either, bootstrap is due."""
    there.kms.aliases.discard("alias/cams-staging")

    assert there.planning().fitting(there.file(tmp_path).read_bytes()) == there.pulumi.plan

    there.kms.aliases.clear()
    with pytest.raises(
        ExplainedError, match=r"there is no KMS key alias/cams-state yet\n\nhint: ./slipway bootstrap"
    ):
        there.file(tmp_path)
