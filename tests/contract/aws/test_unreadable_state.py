"""A state that the daemon cannot read keeps it from starting, and stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.aws_daemon import running

KEEP = "to go on without what it holds, and keep it"
FORGET = "./slipway local reset, which forgets all that the local cloud has; or use that version"


@pytest.mark.parametrize(
    ("damage", "why", "hint"),
    [
        (lambda content: content[: len(content) // 2], "UnpicklingError", f"{KEEP}: mv {{path}} {{path}}.aside"),
        (lambda content: content.replace(b", moto ", b", moto 1.", 1), "another version wrote it: it says", FORGET),
    ],
    ids=["cut", "another version"],
)
def test_a_state_that_cannot_be_read_is_an_error_and_is_kept(
    tmp_path: Path, damage: Any, why: str, hint: str
) -> None:
    """The daemon does not start, says what to do, and changes nothing."""
    with running(tmp_path) as aws:
        aws.client("ssm").put_parameter(Name="/one", Value="x", Type="String")
    path = aws.root / ".local/aws/state/ssm.pickle"
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()

    code = aws.spawn().wait(20)

    assert code == 1
    last = aws.log().partition("everything saved")[2]
    assert f"cannot read {path}: {why}" in last
    assert last.rstrip().endswith(f"hint: {hint.format(path=path)}")
    assert "Traceback" not in last
    assert path.read_bytes() == damaged
