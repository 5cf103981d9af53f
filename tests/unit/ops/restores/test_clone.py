"""Which environment may be cloned to which."""

from __future__ import annotations

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.context import Context
from ops.restores.clone import clone
from ops.restores.restoring import Wish

ALL = Wish(yes=True, database="cams_prod")


@pytest.mark.parametrize("source", ["dev", "staging", "prod"])
def test_nothing_is_ever_cloned_to_prod(source: str) -> None:
    """Whatever else was said, and before anything is asked or started."""
    with pytest.raises(ExplainedError, match="refused: prod is never cloned to") as refused:
        clone(Context(), source, "prod", ALL)

    assert refused.value.code == REFUSED


def test_an_environment_is_not_cloned_to_itself() -> None:
    """That would mask its own data."""
    with pytest.raises(ExplainedError, match="cannot clone staging to itself") as wrong:
        clone(Context(), "staging", "staging", ALL)

    assert wrong.value.code == WRONG_USE
