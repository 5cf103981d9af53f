"""What is said of containers alone: who they are, what they reach and see, and that none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from localcloud.docker import ours
from localcloud.machine import process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Build, Crash, Recovery, Run
from tests.contract.conftest import WHY
from tests.support import base_image, carriers
from tests.support.commits import commit_of
from tests.support.container_engine import ContainerEngine
from tests.support.runtime import APP, release, running, web, worker
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(WHY), reason=str(WHY))

CANARY = "canary-41b7\nof two lines"
LIVES = "import time\nprint('working', flush=True)\ntime.sleep(600)"
LOOKS = """
import os, pathlib, signal, sys, time
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
def writes(name):
    try:
        pathlib.Path(name).write_text("x")
    except OSError as error:
        return error.strerror
print(os.getuid(), int(status["CapEff"], 16), int(status["NoNewPrivs"]), writes("/app/x"), writes("/tmp/x"))
print(repr(os.environ["GIVEN"]), open(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]).read().count("."))
sys.exit(5)
"""


@pytest.fixture(scope="module")
def runtime(engine: ContainerEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One that finds the engine by its socket, as every client does; afterwards no container of it is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", engine.host)
        patch.setattr(carriers.chosen, "engine", engine)
        with running(tmp_path_factory.mktemp("cloud")) as made:
            yield made
            label = f"--filter=label={ours.label()}"
            made.stop()
            assert engine.do("ps", "--all", "--quiet", label) == ""


def test_a_command_is_nobody_and_sees_what_it_is_given(runtime: Runtime, tmp_path: Path) -> None:
    """Its user, no capability, a root that is read only, values of any form, a token; its exit code is told."""
    run = Run(
        "srv-look", "job", release(tmp_path, "v", LOOKS), (), {"GIVEN": CANARY}, "job", 60, subject="workspace:t"
    )

    code = runtime.instances.run(run, print)

    lines = [line.text for line in runtime.logs.read("srv-look", limit=10)]
    assert (code, lines) == (5, ["10001 0 1 Read-only file system None", f"{CANARY!r} 2"])


def test_an_instance_is_held_to_its_plan_and_shows_no_secret(
    runtime: Runtime, engine: ContainerEngine, tmp_path: Path
) -> None:
    """Limits are the engine's; whoever lists processes or containers' commands reads no value of a variable."""
    launch = replace(worker("srv-held", release(tmp_path, "v", LIVES)), env={"SECRET": CANARY})
    runtime.instances.start(replace(launch, memory_mb=200, cpus=0.5))
    [instance] = runtime.instances.of("srv-held")

    known = engine.inspect(f"slipway-{instance.id}")
    shown = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    runtime.remove_service("srv-held")

    held = known["HostConfig"]
    assert (held["Memory"], held["MemorySwap"], held["NanoCpus"]) == (200 * 2**20, 200 * 2**20, 500_000_000)
    assert (held["NetworkMode"], held["ReadonlyRootfs"], known["Config"]["User"]) == ("host", True, "10001:10001")
    assert [line for line in shown if "canary-41b7" in line] == []


def test_the_network_does_not_reach_it(runtime: Runtime, tmp_path: Path) -> None:
    """A program that binds every address is bound to this machine's own."""
    everywhere = APP.replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - it does, and is not let
    runtime.instances.start(web("srv-near", "dep-1", release(tmp_path, "v", everywhere)))
    [instance] = runtime.instances.of("srv-near")

    listening = {
        one.laddr.ip
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == instance.port
    }
    runtime.remove_service("srv-near")

    assert listening == {"127.0.0.1"}


def test_one_that_the_network_reaches_all_the_same_is_ended(runtime: Runtime, tmp_path: Path) -> None:
    """A program that is not made to bind this machine's own address alone; its log says why."""
    everywhere = APP.replace("127.0.0.1", "0.0.0.0")  # noqa: S104 - it is not left there
    launch = web("srv-far", "dep-1", release(tmp_path, "v", everywhere))

    with pytest.raises(RuntimeFailure, match=r"the whole network reaches it at 0\.0\.0\.0, port \d+; "):
        runtime.instances.start(replace(launch, command=("python", "-I", "app.py")))

    assert runtime.instances.of("srv-far") == []


def test_one_whose_client_is_killed_is_ended_and_started_again(
    runtime: Runtime, engine: ContainerEngine, tmp_path: Path
) -> None:
    """The container never goes on beside the next one."""
    news: list[Crash | Recovery] = []
    runtime.instances.listen(news.append)
    runtime.instances.start(worker("srv-client", release(tmp_path, "v", LIVES)))
    runtime.instances.switch("srv-client", "dep-1")
    [instance] = runtime.instances.of("srv-client")
    before = engine.inspect(f"slipway-{instance.id}")["Id"]
    client = process.find(f"instance-{instance.id}")
    assert client is not None

    os.kill(client.pid, signal.SIGKILL)
    eventually(lambda: news[-1:] == [Recovery("srv-client", instance.id)])
    names = engine.do("ps", "--all", "--format={{.ID}} {{.Names}}", "--no-trunc").splitlines()
    runtime.remove_service("srv-client")

    assert news[0] == Crash("srv-client", instance.id, 137)
    assert [name.split()[0] == before for name in names if instance.id in name] == [False]


def test_a_killed_runtime_leaves_containers_to_the_next_one(
    runtime: Runtime, engine: ContainerEngine, tmp_path: Path
) -> None:
    """It removes those of its checkout, and no one else's."""
    runtime.instances.start(worker("srv-other", release(tmp_path / "other", "v", LIVES)))
    script = (
        "import sys, pathlib\n"
        "from localcloud.render.runtime.create import create\n"
        "from tests.support.runtime import worker\n"
        "from localcloud.render.runtime.values import Release\n"
        "made = create(); made.start()\n"
        "what = Release(pathlib.Path(sys.argv[1]), ('python', 'app.py'), {}, None, None, sys.argv[2])\n"
        "made.instances.start(worker('srv-left', what))\n"
        "print(made.instances.of('srv-left')[0].id, flush=True); sys.stdin.read()\n"
    )
    root, files = tmp_path / "cloud", str(tmp_path / "left/empty")
    image = release(tmp_path / "left", "v", LIVES).image
    with subprocess.Popen(
        [sys.executable, "-c", script, files, image],
        env={**os.environ, "SLIPWAY_ROOT": str(root), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        left = first.stdout.readline().strip()
        first.kill()
    there = engine.do("ps", "--format={{.Names}}").split()

    with running(root):
        now = engine.do("ps", "--all", "--format={{.Names}}").split()
    runtime.remove_service("srv-other")

    assert f"slipway-{left}" in there
    assert [name.rpartition("-")[0] for name in now] == ["slipway-srv-other"]


def test_a_branch_is_built_by_the_engine(
    runtime: Runtime, engine: ContainerEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its RUN has made is there; a build that fails says why; the image goes with its service."""
    for name, value in {"SLIPWAY_IMAGES": "engine", "SLIPWAY_BASE_IMAGE": base_image.NAME}.items():
        monkeypatch.setenv(name, value)
    text = 'ARG BASE\nFROM ${BASE}\nRUN echo made > /made\nCMD ["python", "-c", "print(open(\'/made\').read())"]\n'
    files = {"app/Dockerfile": text, "app/Broken": "ARG BASE\nFROM ${BASE}\nRUN echo so sorry && exit 4\n"}
    build = Build("srv-branch", "dep-1", commit_of(files, tmp_path), "app", "", {}, "", "Dockerfile")
    said: list[str] = []

    made = runtime.releases.build(build, said.append)
    code = runtime.instances.run(Run("srv-branch", "job", made, (), {}, "job", 60), print)
    with pytest.raises(RuntimeFailure, match="`Broken` could not be built: docker ended with 1") as failure:
        runtime.releases.build(replace(build, deploy_id="dep-2", dockerfile_path="Broken"), print)
    there = engine.do("image", "ls", "--format={{.Tag}}", "slipway/srv-branch")

    assert "building `Dockerfile` by the container engine" in said[1]
    assert (code, [line.text for line in runtime.logs.read("srv-branch", limit=2)]) == (0, ["made", ""])
    assert any("so sorry" in line for line in failure.value.lines)
    assert (there, runtime.releases.has(made)) == ("dep-1", True)
    runtime.remove_service("srv-branch")
    assert (runtime.releases.has(made), engine.do("image", "ls", "--quiet", "slipway/srv-branch")) == (False, "")
