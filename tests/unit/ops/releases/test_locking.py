"""What the command says that locks an environment."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from console.output import Output
from ops.__main__ import main
from tests.support.released_fakes import Staging


@pytest.mark.parametrize(("environment", "warned"), [("dev", True), ("staging", False)])
def test_what_no_lock_holds_is_said(environment: str, *, warned: bool) -> None:
    """What Render builds of a branch at each commit asks nobody."""
    context = replace(Staging().context(), output=Output(stderr=(talk := StringIO())))

    assert main(["lock", environment, "-m", "exam until noon"], context) == 0

    said = talk.getvalue()
    assert f"{environment} is locked until: ./slipway unlock {environment}" in said
    assert ("Render still deploys each commit" in said) is warned
