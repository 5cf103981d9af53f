"""Services of the local Render runtime: health, switches, restarts, single runs, logs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from localcloud.machine import paths, process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Release
from tests.support.runtime import deploy, release, requesting, run, running, web, worker
from tests.support.waiting import eventually

WAITS = "python -c 'import time; time.sleep(600)'"


@pytest.fixture(scope="module")
def runtime(carrier: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime for all tests of this module; each uses services of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        yield made


def test_a_switch_fails_no_request(runtime: Runtime, tmp_path: Path) -> None:
    """Under requests without a pause, five deploys with one to three instances answer only 200."""
    deploy(runtime, "srv-switch", "dep-0", release(tmp_path, "v0"))

    with requesting(runtime.edge.url("srv-switch")) as answers:
        for number in range(1, 6):
            deploy(runtime, "srv-switch", f"dep-{number}", release(tmp_path, f"v{number}"), count=1 + number % 3)
            eventually(partial(answers.__contains__, f"200 v{number} /"))

    assert {answer[:5] for answer in answers} == {"200 v"}
    assert len(answers) > 50


def test_a_request_under_way_is_answered_by_the_old_release(runtime: Runtime, tmp_path: Path) -> None:
    """The old instance ends only when it has answered; new requests go to the new one meanwhile."""
    deploy(runtime, "srv-drain", "dep-1", release(tmp_path, "old"))
    url = runtime.edge.url("srv-drain")
    old = runtime.instances.of("srv-drain")[0].id
    slow: list[str] = []
    asking = threading.Thread(target=lambda: slow.append(requests.get(f"{url}/slow", timeout=20).text))
    asking.start()
    eventually(lambda: any(line.text == "serving old" for line in runtime.logs.read("srv-drain", limit=50)))
    time.sleep(0.2)  # the request has no other trace before it is answered

    deploy(runtime, "srv-drain", "dep-2", release(tmp_path, "new"))
    fast = requests.get(url, timeout=20).text
    asking.join()

    assert (fast, slow) == ("new /", ["old /slow"])
    eventually(lambda: process.find(f"instance-{old}") is None)


def test_an_unhealthy_release_gets_no_traffic(runtime: Runtime, tmp_path: Path) -> None:
    """A release whose health path answers 500 is ended, with its log; the old one goes on."""
    deploy(runtime, "srv-sick", "dep-1", release(tmp_path / "good", "good"))
    bad = release(tmp_path / "bad", "bad", BROKEN="1")

    with requesting(runtime.edge.url("srv-sick")) as answers, pytest.raises(RuntimeFailure) as failure:
        runtime.instances.start(web("srv-sick", "dep-2", bad, timeout=6))

    assert "it was not healthy in 6 s: GET /health answers 500" in failure.value.message
    assert failure.value.lines[0] == "serving bad"
    assert set(answers) == {"200 good /"}
    assert [one.deploy_id for one in runtime.instances.of("srv-sick")] == ["dep-1"]


def test_a_release_that_ends_fails_at_once(runtime: Runtime, tmp_path: Path) -> None:
    """Its last lines and exit code are told without waiting for the timeout."""
    dead = release(tmp_path, "dead", "print('no database'); raise SystemExit(3)")
    began = time.monotonic()

    with pytest.raises(RuntimeFailure, match="it ended with exit code 3") as failure:
        deploy(runtime, "srv-dead", "dep-1", dead)

    assert failure.value.lines == ["no database"]
    assert time.monotonic() - began < 10
    assert runtime.instances.of("srv-dead") == []


@pytest.mark.usefixtures("processes")
def test_a_missing_program_is_named(runtime: Runtime, tmp_path: Path) -> None:
    """A start command that does not exist is one clear failure."""
    tmp_path.joinpath("file").touch()
    broken = Release(tmp_path, ("no-such-program",), {}, None, None)

    with pytest.raises(RuntimeFailure, match="there is no program or file `no-such-program`"):
        deploy(runtime, "srv-missing", "dep-1", broken)


def test_a_killed_instance_is_restarted(runtime: Runtime, tmp_path: Path) -> None:
    """It keeps its name, counts the restart, and a request made meanwhile is answered by it."""
    deploy(runtime, "srv-kill", "dep-1", release(tmp_path, "v1"))
    [before] = runtime.instances.of("srv-kill")

    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    answer = requests.get(runtime.edge.url("srv-kill"), timeout=20)

    eventually(lambda: runtime.instances.of("srv-kill")[0].healthy)
    [after] = runtime.instances.of("srv-kill")
    assert (answer.status_code, answer.text) == (200, "v1 /")
    assert (after.id, after.restarts) == (before.id, 1)
    assert after.pid != before.pid


def test_scaling_starts_and_ends_instances(runtime: Runtime, tmp_path: Path) -> None:
    """The live deploy called again with another count keeps what it can."""
    what = release(tmp_path, "v1")
    deploy(runtime, "srv-scale", "dep-1", what, count=1)
    first = runtime.instances.of("srv-scale")[0].id

    deploy(runtime, "srv-scale", "dep-1", what, count=3)
    three = [one.id for one in runtime.instances.of("srv-scale")]
    deploy(runtime, "srv-scale", "dep-1", what, count=1)
    one = [one.id for one in runtime.instances.of("srv-scale")]

    assert (len(three), three[0], one) == (3, first, [first])
    eventually(lambda: sum(found.name.startswith("instance-srv-scale-") for found in process.running()) == 1)


@pytest.mark.usefixtures("processes")
def test_instances_do_not_see_each_others_files(runtime: Runtime, tmp_path: Path) -> None:
    """What one writes into its folder is neither in the release nor in the next instance."""
    what = release(tmp_path, "v1")

    command = "test ! -e mark && touch mark"
    codes = [run(runtime, "srv-files", what, command, run_id=f"job-{number}") for number in range(2)]

    assert codes == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.py"]


@pytest.mark.usefixtures("processes")
def test_temporary_files_go_with_their_process(runtime: Runtime, tmp_path: Path) -> None:
    """Each instance and run has a temporary folder of its own, of which nothing is left."""
    text = "import tempfile, time; print(tempfile.mkstemp()[1], flush=True); time.sleep(600)"
    what = release(tmp_path, "v1", text)
    runtime.instances.start(worker("srv-tmp", what, count=2))
    runtime.instances.switch("srv-tmp", "dep-1")
    run(runtime, "srv-tmp", what, 'echo "$(mktemp)"')

    lines = runtime.logs.read("srv-tmp", limit=10)
    files = [Path(line.text) for line in lines]
    assert len({file.parent for file in files}) == 3
    assert all(file.is_relative_to(paths.local()) for file in files)
    assert sorted(file.exists() for file in files) == [False, True, True]
    runtime.instances.stop("srv-tmp")
    assert [file for file in files if file.exists()] == []


@pytest.mark.usefixtures("processes")
def test_a_process_sees_a_short_environment(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the daemon's own secrets nor what the user has signed in to; what is given is, and the AWS endpoint."""
    monkeypatch.setenv("HOME", str(tmp_path / "users-home"))
    for name in ("RENDER_API_KEY", "AWS_SECRET_ACCESS_KEY", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    run(runtime, "srv-env", release(tmp_path, "v1"), "env", {"GIVEN": "1"})

    lines = [line.text for line in runtime.logs.read("srv-env", limit=100)]
    assert not [line for line in lines if "canary" in line]
    assert {"GIVEN=1", "VERSION=v1", "AWS_ENDPOINT_URL=http://127.0.0.1:1"} <= set(lines)
    assert {"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null"} <= set(lines)
    [home] = [line.removeprefix("HOME=") for line in lines if line.startswith("HOME=")]
    assert "/.local/render/workspaces/" in home
    assert "users-home" not in "".join(lines)


def test_a_run_gives_its_exit_code_and_logs(runtime: Runtime, tmp_path: Path) -> None:
    """Both outputs are in the service's log under the run's name in their order, a last line without an end too."""
    ours = release(tmp_path, "v1")
    # Apart, because a container's engine hands on its two outputs in no order, inside an unfinished line too.
    run(runtime, "srv-run", ours, "echo aside >&2", run_id="job-1")
    code = run(runtime, "srv-run", ours, "echo one; echo two; printf three; exit 4", run_id="job-1")

    lines = runtime.logs.read("srv-run", limit=9)
    assert code == 4
    assert [line.text for line in lines] == ["aside", "one", "two", "three"]
    assert {(line.instance, line.type) for line in lines} == {("job-1", "app")}
    later = runtime.logs.read("srv-run", limit=9, since=lines[2].timestamp)
    assert [line.text for line in later] == ["three"]


@pytest.mark.parametrize("how", ["timeout", "cancel", "stop"])
def test_a_run_can_be_ended(runtime: Runtime, tmp_path: Path, how: str) -> None:
    """Out of time, cancelled or its service stopped: a failure, and nothing it started is left."""
    service = f"srv-end-{how}"
    ending = {"cancel": lambda: runtime.cancel(service, "job"), "stop": lambda: runtime.instances.stop(service)}
    name = f"run-{service}-job"

    def end() -> None:
        eventually(lambda: process.find(name) is not None)
        ending[how]()

    if how in ending:
        threading.Thread(target=end).start()
    with pytest.raises(RuntimeFailure, match="took longer than 1 s" if how == "timeout" else "was cancelled"):
        run(runtime, service, release(tmp_path, "v1"), f"{WAITS} & {WAITS}", timeout=1 if how == "timeout" else 60)

    assert process.find(name) is None


def test_cancel_ends_what_was_not_switched_to(runtime: Runtime, tmp_path: Path) -> None:
    """A deploy that is up but not live is ended; the live one is not touched."""
    deploy(runtime, "srv-cancel", "dep-1", release(tmp_path, "v1"))
    runtime.instances.start(web("srv-cancel", "dep-2", release(tmp_path, "v2")))

    runtime.cancel("srv-cancel", "dep-2")
    runtime.cancel("srv-cancel", "dep-1")

    assert [one.deploy_id for one in runtime.instances.of("srv-cancel")] == ["dep-1"]
    assert requests.get(runtime.edge.url("srv-cancel"), timeout=20).text == "v1 /"
    with pytest.raises(RuntimeFailure, match="cannot switch srv-cancel to dep-2"):
        runtime.instances.switch("srv-cancel", "dep-2")


def test_stop_service_interrupts_a_deploy(runtime: Runtime, tmp_path: Path) -> None:
    """Suspending while a deploy waits for health ends the deploy, not only the live instances."""
    what = release(tmp_path, "v1", "import time; time.sleep(600)")

    def stop() -> None:
        eventually(lambda: any(found.name.startswith("instance-srv-halt-") for found in process.running()))
        runtime.instances.stop("srv-halt")

    threading.Thread(target=stop).start()
    with pytest.raises(RuntimeFailure):
        deploy(runtime, "srv-halt", "dep-1", what)

    assert runtime.instances.of("srv-halt") == []
    eventually(lambda: not any(found.name.startswith("instance-srv-halt-") for found in process.running()))
    assert requests.get(runtime.edge.url("srv-halt"), timeout=20).status_code == 502
