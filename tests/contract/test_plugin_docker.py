"""The stand-in for the plugin `docker`: a source image, built and pushed to the local registry."""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from localcloud.plugins.docker import provider
from localcloud.plugins.resource import PluginError, Values
from tests.contract.aws_daemon import Aws, running
from tests.contract.plugin_engine import Thing

TOKEN = "docker:index/image:Image"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS with its registry."""
    with running(tmp_path_factory.mktemp("cloud")) as aws:
        yield aws


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A small application."""
    (tmp_path / "app/static").mkdir(parents=True)
    (tmp_path / "app/start.py").write_text("print('one')\n")
    (tmp_path / "app/static/a.css").write_text("a{}\n")
    (tmp_path / "app/.env").write_text("KEY=canary\n")
    (tmp_path / "app/.dockerignore").write_text(".env\n.dockerignore\nDockerfile\n")
    (tmp_path / "app/Dockerfile").write_text('FROM python:3.13\nWORKDIR /app\nCOPY . .\nCMD ["python", "start.py"]\n')
    return tmp_path / "app"


class Repository:
    """One repository in the registry and who may push to it."""

    def __init__(self, cloud: Aws, name: str) -> None:
        ecr = cloud.client("ecr")
        self.url = ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")["repository"][
            "repositoryUri"
        ]
        token = ecr.get_authorization_token()["authorizationData"][0]
        self.server = token["proxyEndpoint"]
        self.password = base64.b64decode(token["authorizationToken"]).decode().partition(":")[2]

    def inputs(self, context: Path, **more: Any) -> Values:
        """An image of the context."""
        registry = {"server": self.server, "username": "AWS", "password": self.password}
        build = {"context": str(context), "dockerfile": str(context / "Dockerfile"), "platform": "linux/amd64"}
        return {"imageName": f"{self.url}:one", "build": build, "registry": registry, **more}

    def get(self, path: str) -> requests.Response:
        """Ask the registry."""
        host, _, name = self.url.partition("/")
        return requests.get(f"http://{host}/v2/{name}/{path}", auth=("AWS", self.password), timeout=10)


def test_a_pushed_image_has_the_files_and_the_start_of_its_dockerfile(cloud: Aws, context: Path) -> None:
    """One gzip layer with the context less what is ignored, below the working directory, and the configuration."""
    repository = Repository(cloud, "whole")

    thing = Thing(provider(), TOKEN).create(**repository.inputs(context))

    digest = thing.state["repoDigest"].partition("@")[2]
    manifest = repository.get(f"manifests/{digest}").json()
    config = repository.get(f"blobs/{manifest['config']['digest']}").json()
    layer = repository.get(f"blobs/{manifest['layers'][0]['digest']}").content
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tar:
        entries = [(entry.name, entry.mtime, entry.uid) for entry in tar if entry.isfile()]
    assert thing.state["repoDigest"] == f"{repository.url}@{digest}"
    assert entries == [("app/start.py", 0, 0), ("app/static/a.css", 0, 0)]
    assert config["config"]["WorkingDir"] == "/app"
    assert config["config"]["Cmd"] == ["python", "start.py"]
    assert config["config"]["Labels"] == {"dev.slipway.source-image": "1"}


def test_the_same_files_make_no_difference_and_another_file_does(cloud: Aws, context: Path) -> None:
    """A touched file is nothing, an edited one an update whose digest the preview does not know yet."""
    repository = Repository(cloud, "edited")
    inputs = repository.inputs(context)
    thing = Thing(provider(), TOKEN).create(**inputs)
    first = thing.state["repoDigest"]

    (context / "start.py").touch()
    touched = dict(thing.diff(**inputs).kinds)
    (context / "start.py").write_text("print('two')\n")
    edited = dict(thing.diff(**inputs).kinds)
    thing.update(**{**inputs, "imageName": f"{repository.url}:two"})

    assert (touched, edited) == ({}, {"build": "UPDATE"})
    assert thing.state["repoDigest"] != first
    assert repository.get("manifests/two").status_code == 200


def test_a_new_token_alone_is_no_difference_and_no_token_is_in_clear(cloud: Aws, context: Path) -> None:
    """The registry hands out another token at each run; the engine is told that it is a secret."""
    repository = Repository(cloud, "token")
    inputs = repository.inputs(context)
    plugin = provider()
    thing = Thing(plugin, TOKEN).create(**inputs)

    found = thing.diff(**{**inputs, "registry": {**inputs["registry"], "password": "canary-other"}})
    checked, _ = plugin.check(TOKEN, "thing", {}, inputs)

    assert dict(found.kinds) == {}
    assert repr(checked["registry"]) == "Secret(***)"
    assert repr(thing.marked["registry"]) == "Secret(***)"


def test_pushing_again_after_a_lost_reply_gives_the_same_digest(cloud: Aws, context: Path) -> None:
    """Also where a tag never moves."""
    repository = Repository(cloud, "again")
    first = Thing(provider(), TOKEN).create(**repository.inputs(context))

    second = Thing(provider(), TOKEN).create(**repository.inputs(context))

    assert (second.id, second.state["repoDigest"]) == (first.id, first.state["repoDigest"])


def test_wrong_keys_and_a_missing_repository_are_clear_errors(cloud: Aws, context: Path) -> None:
    """The registry's answer, and never the password."""
    repository = Repository(cloud, "refused")
    inputs = repository.inputs(context)

    with pytest.raises(PluginError, match=r"refused .*: 401, the credentials are not valid there") as wrong:
        Thing(provider(), TOKEN).create(**{**inputs, "registry": {**inputs["registry"], "password": "canary-x"}})
    with pytest.raises(PluginError, match=r"refused .*NAME_UNKNOWN"):
        Thing(provider(), TOKEN).create(**{**inputs, "imageName": f"{repository.url}-none:one"})

    assert "canary-x" not in str(wrong.value)
