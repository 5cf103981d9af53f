"""The registry's passwords: whose they are and how long they last."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.aws.registry import tokens


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud of its own."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def test_a_token_is_good_for_twelve_hours() -> None:
    """Not a second longer."""
    token, expires = tokens.issue("AKIAONE", now=1000.0)

    assert expires == 1000.0 + 12 * 3600
    assert tokens.access_key_of(token, now=expires - 1) == "AKIAONE"
    assert tokens.access_key_of(token, now=expires) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "no-point", "ünï.cödé"])
def test_an_invented_token_is_nobodys(token: str) -> None:
    """Whatever is sent as a password, it is only wrong."""
    assert tokens.access_key_of(token) is None


def test_a_token_of_another_cloud_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each local cloud signs with a secret of its own, readable by its owner alone."""
    token, _ = tokens.issue("AKIAONE")
    secret = tmp_path / ".local/aws/registry.secret"

    assert secret.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path / "other"))

    assert tokens.access_key_of(token) is None
