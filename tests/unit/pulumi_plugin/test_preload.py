"""A module runs in a copy of a process that has loaded it; long because all these start the same modules."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pulumi_plugin.launch import START, command, script
from pulumi_plugin.start import ADDRESS
from tests.support.unheard import unheard
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
HEAVY = "LOADED_BY = __import__('os').getpid()\n"
MODULE = """
import json, os, sys
import heavy
print(json.dumps([sys.argv[1:], os.environ.get("SAID"), os.getcwd(), heavy.LOADED_BY == os.getpid(), __name__]))
print("told", file=sys.stderr)
sys.exit(7)
"""
WAITS = """
import os, signal, sys, time
from pathlib import Path
def end(*_):
    Path("ended").write_text("gracefully")
    os._exit(3)
signal.signal(signal.SIGTERM, end)
print(os.getpid(), flush=True)
signal.pause()
"""
DEAF = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
while True:
    signal.pause()
"""
HEARS_THE_SECOND = DEAF.replace("signal.SIG_IGN", "lambda *_: signal.signal(signal.SIGTERM, signal.SIG_DFL)")
ASKS = """
import sys, threading
sys.path.insert(0, sys.argv.pop(1))
import start
threading.Thread(target=threading.Event().wait, daemon=True).start()
start.main(sys.argv[1:])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Modules of which one stands for what takes long to load."""
    for name, text in (
        ("heavy", HEAVY),
        ("module", MODULE),
        ("waits", WAITS),
        ("deaf", DEAF),
        ("hears_the_second", HEARS_THE_SECOND),
        ("broken", "raise ValueError('no')\n"),
    ):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


@pytest.fixture
def preloaded(folder: Path) -> Iterator[dict[str, str]]:
    """An environment in which `heavy` is loaded; its engine is a process that we can end."""
    with tempfile.TemporaryDirectory() as short:
        address = f"{short}/socket"
        line = f"{sys.executable} -m pulumi_plugin.preload {address} $$ nowhere heavy & wait"
        env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "ENGINE": "1"}
        with subprocess.Popen(["/bin/sh", "-c", line], env=env, cwd=ROOT) as engine:
            eventually(lambda: _listens(address), "the socket")
            try:
                yield env | {ADDRESS: address, "PID": str(engine.pid)}
            finally:
                engine.kill()
        eventually(lambda: not Path(address).exists(), "the process that preloads")


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(address) == 0


def start(env: dict[str, str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [*_start(), *words]
    return subprocess.run(line, env=env, cwd=folder, capture_output=True, text=True, timeout=20, check=False)


def test_a_copy_has_the_words_the_environment_the_folder_and_the_outputs_of_who_asked(
    preloaded: dict[str, str], folder: Path
) -> None:
    """Its exit code, too, is handed back; what was preloaded it did not load itself."""
    done = start(preloaded | {"SAID": "a=b\nc"}, folder, "-m", "module", "one", "two words", "")

    assert json.loads(done.stdout) == [["one", "two words", ""], "a=b\nc", str(folder), False, "__main__"]
    assert (done.stderr, done.returncode) == ("told\n", 7)


def test_where_nobody_answers_the_module_runs_by_itself(folder: Path) -> None:
    """A socket that is not there any more is as good as none."""
    env = os.environ | {ADDRESS: str(folder / "gone"), "SAID": "x"}
    done = start(env, folder, "-m", "module", "one")

    assert json.loads(done.stdout) == [["one"], "x", str(folder), True, "__main__"]
    assert done.returncode == 7


def test_modules_of_the_folder_are_hidden_from_an_isolated_start(preloaded: dict[str, str], folder: Path) -> None:
    """As from `python -I`: what stands where the program runs replaces nothing."""
    (folder / "sub").mkdir()
    (folder / "sub" / "only_here.py").write_text("print('found')\n")

    assert start(preloaded, folder / "sub", "-m", "only_here").stdout == "found\n"
    refused = start(preloaded, folder / "sub", "-I", "-m", "only_here")
    assert "No module named only_here" in refused.stderr
    assert refused.returncode == 1


def test_an_error_is_told_as_python_tells_it(preloaded: dict[str, str], folder: Path) -> None:
    """A traceback on the asker's own stderr, and exit code 1."""
    done = start(preloaded, folder, "-m", "broken")

    assert done.stderr.endswith("ValueError: no\n")
    assert done.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_asked_to_end_lets_the_copy_end_first(
    preloaded: dict[str, str], folder: Path, number: signal.Signals
) -> None:
    """The engine asks, and waits for the process that it knows."""
    waiting = _waiting(preloaded, folder)
    waiting.send_signal(number)

    assert waiting.wait(10) == 3
    assert (folder / "ended").read_text() == "gracefully"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_passed_on_whichever_moment_it_comes(
    preloaded: dict[str, str], folder: Path, number: signal.Signals
) -> None:
    """Also when the main thread does not notice it."""
    line = [sys.executable, "-c", ASKS, str(START.parent), "-m", "waits"]
    waiting = _waiting(preloaded, folder, line)
    unheard(waiting.pid, number)

    assert waiting.wait(10) == 3
    assert (folder / "ended").read_text() == "gracefully"


@pytest.mark.parametrize(("module", "number"), [("deaf", signal.SIGKILL), ("hears_the_second", signal.SIGTERM)])
def test_a_copy_is_asked_again_and_then_killed(
    preloaded: dict[str, str], folder: Path, module: str, number: signal.Signals
) -> None:
    """Before the engine has lost its patience, which is five seconds."""
    waiting = _waiting(preloaded, folder, [*_start(), "-m", module])
    waiting.terminate()

    assert waiting.wait(10) == 128 + number


def test_a_copy_that_does_not_listen_ends_when_who_asked_for_it_is_killed(
    preloaded: dict[str, str], folder: Path
) -> None:
    """As the engine does after five seconds; then it waits until nobody holds the plugin's output open."""
    waiting = subprocess.Popen([*_start(), "-m", "deaf"], env=preloaded, cwd=folder, stdout=subprocess.PIPE)
    assert waiting.stdout
    with waiting.stdout as output:
        output.readline()
        waiting.kill()
        waiting.wait(10)

        assert output.read() == b""


def test_what_a_request_that_was_cut_short_brought_is_closed(preloaded: dict[str, str]) -> None:
    """Its asker was ended in the middle of it, and the engine waits until nobody holds the plugin's output open."""
    reader, writer = os.pipe()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(preloaded[ADDRESS])
        socket.send_fds(line, [b"."], [writer, writer, writer])
        line.sendall(b"\0\0")
    os.close(writer)

    with os.fdopen(reader, "rb") as output:
        eventually(lambda: select.select([output], [], [], 0)[0], "the end of the output")
        assert output.read() == b""


@pytest.mark.parametrize("module", ["waits", "deaf"])
def test_nothing_is_left_when_the_process_that_preloads_is_killed(
    preloaded: dict[str, str], folder: Path, module: str
) -> None:
    """Neither the copies nor those who asked for them."""
    waiting = _waiting(preloaded, folder, [*_start(), "-m", module])
    copy = psutil.Process(int((folder / "pid").read_text()))
    [loaded] = psutil.Process(int(preloaded["PID"])).children()
    loaded.kill()

    assert waiting.wait(10) == 1
    eventually(lambda: not copy.is_running() or copy.status() == psutil.STATUS_ZOMBIE, "the copy's end")
    Path(preloaded[ADDRESS]).unlink()


def test_a_copy_ends_when_who_asked_for_it_is_killed(preloaded: dict[str, str], folder: Path) -> None:
    """Nothing is left of a plugin that the engine has killed."""
    waiting = _waiting(preloaded, folder)
    waiting.kill()
    waiting.wait(10)

    eventually((folder / "ended").exists, "the copy")


def test_who_asked_ends_when_the_copy_is_killed(preloaded: dict[str, str], folder: Path) -> None:
    """With the exit code that a shell gives a killed process."""
    waiting = _waiting(preloaded, folder)
    os.kill(int((folder / "pid").read_text()), signal.SIGKILL)

    assert waiting.wait(10) == 128 + signal.SIGKILL


def test_both_may_end_in_the_same_moment(preloaded: dict[str, str], folder: Path) -> None:
    """A copy, and then its asker, are killed while it listens to somebody else: it goes on all the same."""
    waiting = _waiting(preloaded, folder)
    copy = psutil.Process(int((folder / "pid").read_text()))
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(preloaded[ADDRESS])
        copy.kill()
        eventually(lambda: copy.status() == psutil.STATUS_ZOMBIE, "the copy's end")
        waiting.kill()
        waiting.wait(10)

    assert json.loads(start(preloaded, folder, "-m", "module").stdout)[3] is False


def test_it_ends_with_the_engine(preloaded: dict[str, str]) -> None:
    """Its socket is removed; the fixture looks."""
    engine = psutil.Process(int(preloaded["PID"]))
    [loaded] = engine.children()
    engine.kill()

    eventually(lambda: not loaded.is_running() or loaded.status() == psutil.STATUS_ZOMBIE, "the end")


def test_only_its_own_user_may_ask(preloaded: dict[str, str]) -> None:
    """Whoever may connect runs code as this user."""
    assert Path(preloaded[ADDRESS]).stat().st_mode & 0o077 == 0


def test_a_script_and_a_command_start_the_module_with_and_without(preloaded: dict[str, str], folder: Path) -> None:
    """Both ways lead to the same words."""
    path = folder / "script"
    path.write_text("#!/bin/sh\n" + script("-m", "module", "it's"))
    path.chmod(0o755)
    without = {key: value for key, value in preloaded.items() if key != ADDRESS}

    for env, alone in ((preloaded, False), (without, True)):
        done = subprocess.run([path, "more"], env=env, cwd=folder, capture_output=True, text=True, check=False)
        assert json.loads(done.stdout) == [["it's", "more"], None, str(folder), alone, "__main__"]
    assert command("-m", "module") == [sys.executable, "-u", "-m", "module"]


def _start() -> list[str]:
    return [sys.executable, "-I", "-S", str(START)]


def _waiting(env: dict[str, str], folder: Path, line: list[str] | None = None) -> subprocess.Popen[str]:
    """A copy in progress; the file `pid` names it."""
    line = line or [*_start(), "-m", "waits"]
    waiting = subprocess.Popen(line, env=env, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert waiting.stdout
    with waiting.stdout:
        (folder / "pid").write_text(waiting.stdout.readline())
    return waiting
