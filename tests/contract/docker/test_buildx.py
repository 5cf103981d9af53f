"""The provider of images against the local AWS: its API, its registry, and the `docker` that builds for it."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
import requests

from pulumi_plugin.plugin import Call
from pulumi_plugin.values import Values
from registry_provider.provider.errors import RegistryError
from registry_provider.provider.provider import RegistryProvider
from tests.contract.docker.conftest import REGION
from tests.support.aws_daemon import Aws

URN = "urn:pulumi:staging::cams::registry:index:Image::image"
pytestmark = pytest.mark.usefixtures("shell")


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
    """One repository in the registry, and the images of one program in it."""

    def __init__(self, cloud: Aws, name: str) -> None:
        self.ecr = cloud.client("ecr")
        made = self.ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")["repository"]
        self.name, self.url, self.registry_id = name, made["repositoryUri"], made["registryId"]
        self.said: list[str] = []
        self.provider = RegistryProvider(lambda urn, line, **_: self.said.append(line))

    def inputs(self, context: Path, **more: str) -> Values:
        """An image of the context."""
        where = {"repository": self.url, "registryId": self.registry_id, "region": REGION, "tag": "one"}
        recipe = {"context": str(context), "dockerfile": str(context / "Dockerfile"), "platform": "linux/amd64"}
        return {**where, **recipe, **more}

    def create(self, context: Path, **more: str) -> str:
        """Create it: its digest."""
        return str(self.provider.create(Call(URN, inputs=self.inputs(context, **more)))[1]["digest"])

    def differs(self, context: Path, digest: str) -> dict[str, str]:
        """What an update would do."""
        inputs = self.inputs(context)
        found = self.provider.diff(
            Call(URN, "id", inputs=inputs, old_inputs=inputs, state={**inputs, "digest": digest})
        )
        return dict(found.kinds)

    def get(self, path: str) -> requests.Response:
        """Ask the registry."""
        host, _, name = self.url.partition("/")
        token = self.ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        user, _, password = base64.b64decode(token).decode().partition(":")
        return requests.get(f"http://{host}/v2/{name}/{path}", auth=(user, password), timeout=10)

    def forget(self, digest: str) -> None:
        """Delete an image."""
        gone = self.ecr.batch_delete_image(repositoryName=self.name, imageIds=[{"imageDigest": digest}])
        assert gone["failures"] == []


def test_an_image_pushed_under_a_tag_of_other_content_is_refused(cloud: Aws, context: Path) -> None:
    """The registry's own word: the same image is right under its tag, from any machine, and wrong under another."""
    repository = Repository(cloud, "swapped")
    digest = repository.create(context)
    [held] = repository.ecr.batch_get_image(repositoryName="swapped", imageIds=[{"imageDigest": digest}])["images"]
    repository.ecr.put_image(repositoryName="swapped", imageManifest=held["imageManifest"], imageTag="two")

    assert repository.create(context) == digest
    with pytest.raises(RegistryError, match=rf"^refused: .*/swapped:two is another .*: {digest} was built of one\n"):
        repository.create(context, tag="two")


def test_a_pushed_image_has_the_files_and_the_start_of_its_dockerfile(cloud: Aws, context: Path) -> None:
    """One gzip layer with the context less what is ignored, below the working directory, and the configuration."""
    repository = Repository(cloud, "whole")

    digest = repository.create(context)

    manifest = repository.get(f"manifests/{digest}").json()
    config = repository.get(f"blobs/{manifest['config']['digest']}").json()
    layer = repository.get(f"blobs/{manifest['layers'][0]['digest']}").content
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tar:
        entries = [(entry.name, entry.mtime, entry.uid) for entry in tar if entry.isfile()]
    assert repository.said == [
        f"built {digest} of {context} as source images (SLIPWAY_IMAGES=source)",
        f"pushed {repository.url}:one",
    ]
    assert entries == [("app/start.py", 0, 0), ("app/static/a.css", 0, 0)]
    assert config["config"]["WorkingDir"] == "/app"
    assert config["config"]["Cmd"] == ["python", "start.py"]
    assert config["config"]["Labels"] == {"dev.slipway.source-image": "1", "dev.slipway.content": "one"}


def test_a_tag_in_an_immutable_repository_is_taken_and_not_built(cloud: Aws, context: Path) -> None:
    """Somebody pushed it; other files would have another digest and could never get that tag."""
    repository = Repository(cloud, "taken")
    theirs = repository.create(context)
    (context / "start.py").write_text("print('two')\n")

    ours = repository.create(context)

    assert ours == theirs
    assert [line.partition(" ")[0] for line in repository.said] == ["built", "pushed"]


def test_a_deleted_image_is_missed_and_pushed_again(cloud: Aws, context: Path) -> None:
    """One that is there is no difference."""
    repository = Repository(cloud, "deleted")
    digest = repository.create(context)

    before = repository.differs(context, digest)
    repository.forget(digest)
    gone = repository.differs(context, digest)
    again = repository.create(context)

    assert (before, gone, again) == ({}, {"digest": "UPDATE"}, digest)
    assert repository.get("manifests/one").status_code == 200


def test_the_registry_refuses_the_second_of_two_and_the_first_is_taken(
    cloud: Aws, context: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag came between our question and our push."""
    repository = Repository(cloud, "race")
    first = repository.create(context)
    (context / "start.py").write_text("print('two')\n")
    ask, answers = repository.provider._ecr.digest, iter([None])
    monkeypatch.setattr(repository.provider._ecr, "digest", lambda *a, **k: next(answers, first) and ask(*a, **k))

    assert repository.create(context) == first

    assert repository.said[-2].startswith("error: the registry http://127.0.0.1:")
    assert "TAG_INVALID: The image tag 'one' already exists" in repository.said[-2]
    assert repository.said[-1] == f"{repository.url}:one was pushed by somebody else meanwhile: taking {first}"


def test_a_repository_that_is_not_there_and_wrong_keys_are_clear_errors(
    cloud: Aws, context: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS's answer or the registry's, with no login in it."""
    repository = Repository(cloud, "refused")

    with pytest.raises(RegistryError) as nowhere:
        repository.create(context, repository=f"{repository.url}-none")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAAAAAAAAAAAAAAAA")
    repository.provider = RegistryProvider(lambda *_, **__: None)
    with pytest.raises(RegistryError) as wrong:
        repository.create(context)

    assert "NAME_UNKNOWN" in str(nowhere.value)
    assert str(wrong.value).startswith("cannot look for the image one in refused: UnrecognizedClientException: ")
    assert str(wrong.value).endswith("\n\nhint: aws sts get-caller-identity shows whose credentials these are")


def docker(*words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The command, as a person types it."""
    return subprocess.run(
        ["docker", *words], cwd=folder, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )


def test_what_is_not_for_this_registry_is_the_real_dockers(tmp_path: Path, cloud: Aws, context: Path) -> None:
    """With all its words, its output and its exit code; where there is none, that is said."""
    real = tmp_path / "real"
    real.mkdir()
    (real / "docker").write_text('#!/bin/sh\necho "real: $*"; exit 7\n')
    (real / "docker").chmod(0o755)
    ours = str(tmp_path / "bin")
    build = ("buildx", "build", "--push", "--tag", "registry.example.org/cams:one", ".")

    passed = docker(*build, folder=context, PATH=f"{ours}:{real}")
    none = docker("ps", folder=context, PATH=ours)

    assert (passed.returncode, passed.stdout) == (7, f"real: {' '.join(build)}\n")
    assert none.returncode == 127
    assert none.stderr.startswith("error: cannot run docker: there is none on this machine; ")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--push", "--build-arg", "A=1"), 2, "unrecognized arguments: --build-arg"),
        ((), 2, "the following arguments are required: --push"),
        (("--push", "--file", "none"), 1, "no such file: none (from "),
        (("--push", "--platform", "windows/amd64"), 1, "only linux platforms can be built, not windows/amd64"),
        (("--push",), 1, "has no login for it\n\nhint: aws ecr get-login-password | docker login"),
    ],
)
def test_what_cannot_be_done_for_this_registry_is_refused(
    cloud: Aws, context: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """Nothing that was asked for is left out in silence."""
    tag = f"127.0.0.1:{cloud.port('registry')}/cams:one"

    done = docker("buildx", "build", *words, "--tag", tag, ".", folder=context)

    assert (done.returncode, done.stdout if code == 2 else "") == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
