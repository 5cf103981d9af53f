"""Whatever a service binds, only this machine reaches it."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path, PosixPath
from typing import NoReturn

import psutil
import pytest
import requests

from localcloud.machine import process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.processes.confined import start, supervisor
from localcloud.render.runtime.processes.confined.addresses import is_loopback
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Release
from tests.support.runtime import deploy, release, run, running, worker
from tests.support.waiting import eventually

SERVES = """
import os, socket, time

host, family, also = os.environ["BINDS"], int(os.environ["FAMILY"]), os.environ.get("ALSO")
one = socket.socket(family)
if host != "nothing":
    one.bind((host, int(os.environ["PORT"])))
one.listen()
print("listening on", one.getsockname()[:2])
if also == "thread":
    import threading
    other = socket.socket()
    threading.Thread(target=lambda: other.bind(('0.0.0.0', 0)) or other.listen()).start()
elif also == "child":
    os.spawnlp(os.P_NOWAIT, "python", "python", "-I", "-S", "-c",
        "import socket, time; s = socket.socket(); s.bind(('', 0)); s.listen(); time.sleep(60)")
elif also == "udp":
    other = socket.socket(type=socket.SOCK_DGRAM)
    other.bind(('0.0.0.0', 0))
while True:
    two, _ = one.accept()
    if two.recv(4096):
        two.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nhi")
    two.close()
"""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tried here
NODE = "require('http').createServer((ask, answer) => answer.end('hi')).listen(process.env.PORT)"
OPEN = (
    "import socket, time; s = socket.socket(); s.bind(('', 0)); s.listen(); print('open', flush=True); time.sleep(60)"
)


class Closed(PosixPath):
    """The files of a process that its own user may not read."""

    def open(self, *_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime for all tests of this module; each uses services of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        yield made


def sockets(service: str) -> list[str]:
    """The addresses that a service's instances have bound, TCP and UDP."""
    found = []
    for one in process.running():
        if one.name.startswith(f"instance-{service}-"):
            for member in process.members(one):
                for bound in member.net_connections("inet"):
                    if bound.status == psutil.CONN_LISTEN or bound.type == socket.SOCK_DGRAM:
                        found.append(bound.laddr.ip)
    return sorted(found)


def other_addresses() -> list[str]:
    """This machine's addresses that the network reaches."""
    every = [one.address for known in psutil.net_if_addrs().values() for one in known if one.family == socket.AF_INET]
    return [address for address in every if not is_loopback(address)]


def serving(folder: Path, binds: str, family: int = socket.AF_INET, also: str = "") -> Release:
    """A release that binds that address, and perhaps something else."""
    return release(folder, "v1", SERVES, BINDS=binds, FAMILY=str(int(family)), ALSO=also)


@pytest.mark.parametrize(
    ("binds", "family", "bound"),
    [
        (EVERYWHERE, socket.AF_INET, "127.0.0.1"),
        ("", socket.AF_INET, "127.0.0.1"),
        ("::", socket.AF_INET6, "::ffff:127.0.0.1"),
        ("127.0.0.1", socket.AF_INET, "127.0.0.1"),
    ],
    ids=["wildcard", "empty", "dual-stack", "loopback"],
)
def test_what_a_web_service_binds_is_loopback(
    runtime: Runtime, tmp_path: Path, binds: str, family: int, bound: str
) -> None:
    """It is served by its URL, and refused at every other address of this machine."""
    service = f"srv-binds{len(binds)}{int(family)}"
    deploy(runtime, service, "dep-1", serving(tmp_path, binds, family))

    assert requests.get(runtime.edge.url(service), timeout=20).text == "hi"
    assert sockets(service) == [bound]
    port = runtime.instances.of(service)[0].port
    for address in other_addresses():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, port), timeout=5)


def test_an_address_of_the_network_becomes_loopback(runtime: Runtime, tmp_path: Path) -> None:
    """Also one that is not a wildcard: the machine's own."""
    [address, *_] = other_addresses() or ["192.0.2.77"]

    deploy(runtime, "srv-own", "dep-1", serving(tmp_path, address))

    assert sockets("srv-own") == ["127.0.0.1"]


@pytest.mark.parametrize("also", ["thread", "child", "udp"])
def test_what_is_opened_beside_is_loopback(runtime: Runtime, tmp_path: Path, also: str) -> None:
    """By a thread, by another program, or for datagrams."""
    deploy(runtime, f"srv-{also}", "dep-1", serving(tmp_path, EVERYWHERE, also=also))

    eventually(lambda: sockets(f"srv-{also}") == ["127.0.0.1", "127.0.0.1"])


def test_a_socket_that_was_never_bound_listens_on_loopback(runtime: Runtime, tmp_path: Path) -> None:
    """Else the kernel gives it a port of every address."""
    runtime.instances.start(worker("srv-unbound", serving(tmp_path, "nothing")))

    assert sockets("srv-unbound") == ["127.0.0.1"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_a_program_in_another_language_is_confined(runtime: Runtime, tmp_path: Path) -> None:
    """Node.js binds `::` by itself."""
    tmp_path.joinpath("app.js").write_text(NODE)

    deploy(runtime, "srv-node", "dep-1", Release(tmp_path, ("node", "app.js"), {}, None, None))

    assert requests.get(runtime.edge.url("srv-node"), timeout=20).text == "hi"
    assert sockets("srv-node") == ["::ffff:127.0.0.1"]


def test_an_address_in_use_is_refused_as_ever(runtime: Runtime, tmp_path: Path) -> None:
    """The program gets the kernel's own answer."""
    twice = (
        "import socket\na, b = socket.socket(), socket.socket()\na.bind(('', 0)); a.listen()\nb.bind(a.getsockname())"
    )

    code = run(runtime, "srv-twice", release(tmp_path, "v1", twice))

    told = [line.text for line in runtime.logs.read("srv-twice", limit=50)]
    assert (code, told[-1]) == (1, "OSError: [Errno 98] Address already in use")


@pytest.fixture(params=["cannot ask", "cannot answer"])
def no_filter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose kernel cannot ask, or a container that forbids to take a program's socket, as Docker does."""
    if request.param == "cannot ask":
        monkeypatch.setattr(start, "NUMBERS", {})
    else:
        monkeypatch.setattr(supervisor, "PIDFD_GETFD", -1)
        supervisor.can_answer.cache_clear()
    yield
    supervisor.can_answer.cache_clear()


@pytest.mark.usefixtures("no_filter")
def test_without_the_kernels_help_python_programs_bind_loopback(runtime: Runtime, tmp_path: Path) -> None:
    """The same by `sitecustomize.py`, for each family and for what was not bound."""
    for number, (binds, family) in enumerate([(EVERYWHERE, socket.AF_INET), ("::", socket.AF_INET6)]):
        deploy(runtime, f"srv-python{number}", "dep-1", serving(tmp_path, binds, family))
    bound = [sockets("srv-python0"), sockets("srv-python1")]
    runtime.remove_service("srv-python0")
    runtime.remove_service("srv-python1")

    assert bound == [["127.0.0.1"], ["::ffff:127.0.0.1"]]


@pytest.mark.usefixtures("no_filter")
def test_what_slips_through_fails_the_deploy(runtime: Runtime, tmp_path: Path) -> None:
    """The address is named in the failure and in the log, and nothing goes on running."""
    what = release(tmp_path, "v1", OPEN)
    command = (sys.executable, "-I", "-S", "app.py")

    with pytest.raises(RuntimeFailure, match=r"the whole network reaches it at 0\.0\.0\.0, port \d+") as failure:
        runtime.instances.start(worker("srv-open", what, command))

    assert failure.value.lines[-1].startswith("ended by the local cloud: the whole network reaches it at 0.0.0.0")
    assert sockets("srv-open") == []
    assert runtime.instances.of("srv-open") == []


@pytest.mark.usefixtures("no_filter")
def test_what_opens_up_later_is_ended(runtime: Runtime, tmp_path: Path) -> None:
    """A look every half a second finds it, in a job as well."""
    what = release(tmp_path, "v1", OPEN)
    command = (sys.executable, "-I", "-S", "app.py")

    code = run(runtime, "srv-later", what, command)

    told = [line.text for line in runtime.logs.read("srv-later", limit=50)]
    assert (code, told[0]) == (-9, "open")
    assert told[-1].startswith("ended by the local cloud: the whole network reaches it at 0.0.0.0")


def test_what_no_network_reaches_is_not_asked_about(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up of a host name binds a netlink socket: it works also when nobody is left who could answer."""
    monkeypatch.setattr(supervisor.Supervisor, "_decide", lambda *_: (-errno.EPERM, 0))
    what = release(tmp_path, "v1", "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).bind((0, 0))")

    code = run(runtime, "srv-names", what)

    assert code == 0


def test_a_program_that_cannot_be_looked_into_is_left_to_the_look(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has closed itself to others: its own socket file is not refused."""
    monkeypatch.setattr(supervisor, "Path", Closed)
    where = f"import socket; socket.socket(socket.AF_UNIX).bind({str(tmp_path / 'own.sock')!r})"

    code = run(runtime, "srv-closed", release(tmp_path, "v1", where))

    assert code == 0


def test_a_program_finds_its_environment_and_signals_as_they_were_given(runtime: Runtime, tmp_path: Path) -> None:
    """What confines it leaves no variable and no ignored signal behind."""
    what, command = release(tmp_path, "v1"), "env; grep SigIgn /proc/self/status"

    run(runtime, "srv-tells", what, command, {"LC_ALL": ""})

    told = [line.text for line in runtime.logs.read("srv-tells", limit=50)]
    assert "SigIgn:\t0000000000000000" in told
    assert not [line for line in told if line.startswith(("PYTHONPATH=", "LC_CTYPE="))]
