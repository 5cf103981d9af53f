"""Registry clients that nobody here wrote, with a login: what is theirs works, another's repository is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.aws_daemon import Aws
from tests.support.foreign_clients import RepositoryUser


@pytest.fixture
def user(aws: Aws, tmp_path: Path) -> RepositoryUser:
    """A new one for each client, with what is to be in an image."""
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer/file").write_text("what is in the image")
    shutil.make_archive(str(tmp_path / "layer"), "tar", tmp_path / "layer")
    return RepositoryUser(aws, tmp_path)


def test_crane(user: RepositoryUser) -> None:
    """Pushed, validated, copied, listed, deleted."""
    user.run("crane", "append", "-f", "layer.tar", "-t", f"{user.own}:one")
    digest = user.run("crane", "digest", f"{user.own}:one").stdout.strip()
    user.run("crane", "validate", "--remote", f"{user.own}:one")
    user.run("crane", "copy", f"{user.own}:one", f"{user.own}:two")

    assert user.run("crane", "digest", f"{user.own}:two").stdout.strip() == digest
    assert user.run("crane", "ls", user.own).stdout.split() == ["one", "two"]
    assert "403 Forbidden" in user.run("crane", "copy", f"{user.own}:one", f"{user.foreign}:one", fails=True).stderr
    user.run("crane", "delete", f"{user.own}@{digest}")
    assert user.run("crane", "ls", user.own).stdout == ""


def test_skopeo(user: RepositoryUser) -> None:
    """An image travels from the registry to a folder and back, and keeps its digest."""
    user.run("crane", "append", "-f", "layer.tar", "-t", f"{user.own}:one", "--oci-empty-base")
    login = ("--authfile", str(user.login))
    copy = ("skopeo", "--insecure-policy", "copy", *login)
    look = ("skopeo", "inspect", "--tls-verify=false", *login)
    user.run(*copy, "--src-tls-verify=false", f"docker://{user.own}:one", "oci:back:one")
    user.run(*copy, "--dest-tls-verify=false", "oci:back:one", f"docker://{user.own}:two")
    told = json.loads(user.run(*look, f"docker://{user.own}:two").stdout)

    assert told["Digest"] == user.run("crane", "digest", f"{user.own}:one").stdout.strip()
    assert "not authorized" in user.run(*look, f"docker://{user.foreign}:one", fails=True).stderr


def test_oras(user: RepositoryUser) -> None:
    """An SBOM is attached to an image and found again."""
    (user.folder / "sbom.json").write_text("{}")
    kind = ("--artifact-type", "application/spdx+json")
    user.run("oras", "push", "--plain-http", f"{user.own}:one", "layer.tar")
    user.run("oras", "attach", "--plain-http", *kind, f"{user.own}:one", "sbom.json:application/json")
    found = user.run("oras", "discover", "--plain-http", "--format", "json", f"{user.own}:one").stdout

    [referrer] = json.loads(found)["referrers"]
    assert referrer["artifactType"] == "application/spdx+json"
    assert "403" in user.run("oras", "push", "--plain-http", f"{user.foreign}:one", "layer.tar", fails=True).stderr
