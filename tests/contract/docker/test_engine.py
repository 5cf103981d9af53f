"""An image from its Dockerfile to a container: built by the engine, kept by ECR, pulled with keys, run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from localcloud.docker import ours
from localcloud.render.runtime.create import create
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Credential, Run
from pulumi_plugin.plugin import Call
from registry_provider.provider.errors import RegistryError
from registry_provider.provider.label import CONTENT
from registry_provider.provider.provider import RegistryProvider
from tests.contract.conftest import WHY
from tests.contract.docker.conftest import REGION
from tests.support import base_image
from tests.support.aws_daemon import Aws
from tests.support.container_engine import ContainerEngine

pytestmark = pytest.mark.skipif(bool(WHY), reason=str(WHY))

URN = "urn:pulumi:staging::cams::registry:index:Image::image"
DOCKERFILE = """
ARG BASE=registry.example.org/python:3.13
FROM ${BASE}
RUN python -c "print(6 * 7, file=open('/answer', 'w'))"
ENV GREETING=hello
CMD ["python", "-c", "import os; print(os.environ['GREETING'], open('/answer').read(), os.getuid())"]
"""


@pytest.fixture
def runtime(cloud: Aws, engine: ContainerEngine, shell: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """What runs services, and the environment of a shell that wants images by the engine. No image is left."""
    monkeypatch.setenv("SLIPWAY_IMAGES", "engine")
    monkeypatch.setenv("SLIPWAY_BASE_IMAGE", base_image.NAME)
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    yield create()
    ours.remove_images()
    assert f"127.0.0.1:{cloud.port('registry')}/" not in engine.do("image", "ls", "--digests")


def test_an_image_is_built_pushed_pulled_and_run(
    cloud: Aws, engine: ContainerEngine, runtime: Runtime, tmp_path: Path
) -> None:
    """What a RUN has made is in it; it says what it was built of; without keys it is not pulled; root is nobody."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text(DOCKERFILE)
    made = cloud.client("ecr").create_repository(repositoryName="whole")["repository"]
    inputs = {"repository": made["repositoryUri"], "registryId": made["registryId"], "region": REGION, "tag": "one"}
    recipe = {"dockerfile": str(tmp_path / "app/Dockerfile"), "platform": "linux/amd64"}
    keys = Credential("AWS_ECR", os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    said: list[str] = []

    provider = RegistryProvider(lambda urn, line, **_: said.append(line))
    state = provider.create(Call(URN, inputs={**inputs, "context": str(tmp_path / "app"), **recipe}))[1]
    image = f"{made['repositoryUri']}@{state['digest']}"
    labels = engine.inspect(f"{made['repositoryUri']}:one")["Config"]["Labels"]
    ours.remove_images()  # so that it comes from the registry
    with pytest.raises(RuntimeFailure, match="the registry refuses"):
        runtime.releases.fetch(image, None, print)
    release = runtime.releases.fetch(image, keys, print)
    run = Run("srv-whole", "job", release, (), {"GREETING": "hi"}, "job", 60)
    codes = [runtime.instances.run(run, print), runtime.instances.run(replace(run, command="exit 3"), print)]

    assert f"building {tmp_path / 'app'} by the container engine" in said[0]
    assert labels == {CONTENT: "one"}
    assert (release.digest, release.image, release.user) == (state["digest"], image, "65534:65534")
    assert [line.text for line in runtime.logs.read("srv-whole", limit=5)] == ["hi 42", " 65534"]
    assert codes == [0, 3]
    ours.remove_images()
    assert not runtime.releases.has(release)


def test_a_build_that_fails_pushes_nothing_and_says_why(cloud: Aws, runtime: Runtime, tmp_path: Path) -> None:
    """With the engine's own words."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nRUN echo no such setting && exit 9\n")
    made = cloud.client("ecr").create_repository(repositoryName="broken")["repository"]
    inputs = {"repository": made["repositoryUri"], "registryId": made["registryId"], "region": REGION, "tag": "one"}
    recipe = {"dockerfile": str(tmp_path / "app/Dockerfile"), "platform": "linux/amd64"}

    with pytest.raises(
        RegistryError, match=r"(?s)cannot build and push .*no such setting.*SLIPWAY_IMAGES=source"
    ) as failure:
        RegistryProvider(lambda *_, **__: None).create(
            Call(URN, inputs={**inputs, "context": str(tmp_path / "app"), **recipe})
        )

    assert "exit code: 9" in str(failure.value)
    assert cloud.client("ecr").list_images(repositoryName="broken")["imageIds"] == []
