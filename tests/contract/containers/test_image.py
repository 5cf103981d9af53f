"""app/Dockerfile as a real engine builds and runs it, on a base made of this machine's own Python."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.contract.conftest import WHY
from tests.support.app_process import copy_of_app, variables
from tests.support.built_image import Built, build
from tests.support.container_engine import ContainerEngine
from tests.support.postgres_cluster import PostgresCluster, free_port
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(WHY), reason=str(WHY))

GRACE_SEC = 30  # Render's, and compose.prod.yaml's
HARDENED = (  # as compose.prod.yaml has it
    *("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"),
    *("--memory=512m", "--pids-limit=256"),
)
CANARY = b"canary-7c41d9"
OWN = 0o700
INSTALL = "RUN --mount=type=cache,target=/root/.cache/pip     pip install"
WHO = """
import json, os
print(json.dumps([os.getresuid(), [*os.getresgid(), *os.getgroups()], open("/proc/1/status").read()]))
"""
Run = Callable[..., str]


def close(app: Path) -> None:
    """Have a checkout readable by its owner alone."""
    for path in [app, *app.rglob("*")]:
        path.chmod(path.stat().st_mode & OWN)


@pytest.fixture(scope="module")
def image(engine: ContainerEngine, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built of a checkout in which somebody keeps secrets, and which is theirs alone."""
    app = copy_of_app(tmp_path_factory.mktemp("checkout") / "app")
    for name in (".env", ".env.prod", "cams/.env", "exams/.env.local"):
        (app / name).write_bytes(CANARY)
    close(app)
    return build(engine, app, "app:whole")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty one in a real PostgreSQL."""
    cluster = PostgresCluster()
    try:
        cluster.start()
        yield cluster.new_database()
    finally:
        cluster.remove()


@pytest.fixture
def run(engine: ContainerEngine, image: Built, tmp_path: Path) -> Iterator[Run]:
    """Starts containers, hardened as in production: `run(database, "start.py", "worker")` gives the name."""
    started: list[str] = []

    def start(database_url: str, *command: str, port: int = 0) -> str:
        given = variables(database_url, tmp_path, PORT=str(port or free_port()))
        of_image = ("PATH", "TMPDIR")
        env = [f"--env={name}={value}" for name, value in given.items() if name not in of_image]
        quick = ("--health-interval=1s", f"--name=app-{len(started)}", "--detach", "--network=host")
        started.append(engine.do("run", *quick, *HARDENED, *env, image.name, *command))
        return started[-1]

    yield start
    for name in started:
        engine.do("rm", "--force", name)


def stopped(engine: ContainerEngine, container: str) -> tuple[int, bool]:
    """Its exit code, and whether it ended by itself within its grace."""
    began = time.monotonic()
    engine.do("stop", f"--time={GRACE_SEC}", container)
    seconds = time.monotonic() - began
    return int(engine.inspect(container)["State"]["ExitCode"]), seconds < GRACE_SEC


def health(engine: ContainerEngine, container: str) -> str:
    """What the image's own HEALTHCHECK has found; its end is told with its log."""
    state = engine.inspect(container)["State"]
    assert state["Running"], engine.ask("logs", container)
    return str(state["Health"]["Status"])


def test_it_gets_healthy_serves_and_stops(engine: ContainerEngine, run: Run, database: str) -> None:
    """On a root that nobody can write to, as nobody, with no capability left."""
    container = run(database, port=(port := free_port()))

    eventually(lambda: health(engine, container) == "healthy", "its HEALTHCHECK is content", seconds=120)
    page = requests.get(f"http://127.0.0.1:{port}/", timeout=20)
    told = requests.get(f"http://127.0.0.1:{port}/api/health/", timeout=20).json()
    users, groups, status = json.loads(engine.do("exec", container, "python", "-c", WHO))
    writing = engine.ask("exec", container, "python", "-c", "open('/app/x', 'w')")

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (told["status"], told["version"]) == ("ok", "1.2.3")
    assert (set(users), set(groups)) == ({10001}, {10001})
    assert "CapEff:\t0000000000000000\n" in status
    assert "NoNewPrivs:\t1\n" in status
    assert "Read-only file system" in writing.stderr
    assert stopped(engine, container) == (0, True)


def test_it_is_not_healthy_before_it_serves_and_stops_all_the_same(engine: ContainerEngine, run: Run) -> None:
    """As a container's first process, while it waits for a database that is not there."""
    container = run(f"postgresql://cams:invented@127.0.0.1:{free_port()}/cams")
    check = engine.inspect(container)["Config"]["Healthcheck"]["Test"][1:]

    eventually(lambda: "waiting for the database" in str(engine.ask("logs", container)), "it waits", seconds=60)
    asked = engine.ask("exec", container, *check)

    assert "HTTP Error 503" in asked.stderr
    assert health(engine, container) == "starting"
    assert stopped(engine, container) == (143, True)


def test_its_other_commands_run_and_stop_as_hardened(engine: ContainerEngine, run: Run, database: str) -> None:
    """What migrates ends by itself; the worker at SIGTERM, when it is done."""
    migrate = engine.do("wait", run(database, "python", "start.py", "migrate"))
    worker = run(database, "python", "start.py", "worker")
    eventually(lambda: "Starting worker" in str(engine.ask("logs", worker)), "the worker works", seconds=60)

    assert migrate == "0"
    assert stopped(engine, worker) == (0, True)


def test_no_layer_holds_a_secret(engine: ContainerEngine, image: Built) -> None:
    """Nor does what the image says of itself; a file that a later layer hides would count."""
    files = list(image.files())
    names = {member.name for member, _ in files}
    said = json.dumps(engine.inspect(image.name)) + engine.do("history", "--no-trunc", image.name)

    assert "app/start.py" in names
    assert [name for name in names if Path(name).name.startswith(".env")] == []
    assert [member.name for member, content in files if CANARY in content] == []
    assert CANARY.decode() not in said


def test_its_layers_are_few_and_hold_what_runs(engine: ContainerEngine, image: Built) -> None:
    """The packages, the application, what is compiled of it; no cache of pip's, nothing that lends root's rights."""
    members = [member for member, _ in image.files()]
    kept = [member.name for member in members if member.name.startswith(("tmp/", "root/", "packages/"))]

    assert len(image.layers) <= 5
    assert sum(image.sizes.values()) < 80_000_000
    assert kept == []
    assert [member.name for member in members if member.isreg() and member.mode & 0o6000] == []
    assert [member.name for member in members if member.name.startswith("app/") and member.uid == 10001] == []
    assert engine.inspect(image.name)["Config"]["User"] == "10001:10001"


def test_a_change_of_the_code_installs_nothing_again(engine: ContainerEngine, image: Built, tmp_path: Path) -> None:
    """The packages come from the cache; what has not changed at all comes from it altogether."""
    app = copy_of_app(tmp_path / "app")
    close(app)

    same = build(engine, app, "app:same")
    (app / "exams/added.py").write_text("ADDED = 1\n")
    changed = build(engine, app, "app:changed")

    assert same.layers == image.layers
    assert len(same.cached) == len(changed.cached) + 2
    assert any(step.startswith(INSTALL) for step in changed.cached)
    assert same.cached - changed.cached == {
        "COPY . .",
        "RUN chmod -R go+rX /app && python -m compileall -q /app && python -m pages.build",
    }


def test_a_front_end_that_is_empty_stops_the_build(engine: ContainerEngine, image: Built, tmp_path: Path) -> None:
    """No image is made, and the build says why."""
    app = copy_of_app(tmp_path / "app")
    (app / "frontend/index.html").write_text("")

    with pytest.raises(RuntimeError, match=r"index\.html"):
        build(engine, app, "app:empty")

    assert engine.ask("inspect", "app:empty").returncode == 1
