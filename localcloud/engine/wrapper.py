"""The `pulumi` on the local PATH: the real CLI, given what keeps the checkout clean and a killed run harmless.

It uses the standard library alone and runs with `python -I -S`, because it is started for every command.

- The engine reads a merged copy of `Pulumi.<stack>.yaml` (the checked-in file, the local salt, `aws:s3UsePathStyle`),
  since Pulumi would write its salt into the checked-in one.
- A stack that the local backend does not have yet is made.
- The lock of a run that was killed on this machine is removed, and what it was creating is forgotten: both clouds'
  providers look for what is already there before they create. A write of the state that was cut short is undone.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USES_STACK = {
    "up",
    "update",
    "preview",
    "pre",
    "refresh",
    "destroy",
    "down",
    "dn",
    "import",
    "config",
    "stack",
    "watch",
}
READS = {"config", "stack"}
CHANGES = {"up", "update", "refresh", "destroy", "down", "dn", "import"}
LONGEST_SOCKET = 100  # the kernel's limit is 108 bytes, the end included
LOADED = (
    "pulumi",
    "pulumi_plugin.server",
    "botocore.session",
    "localcloud.plugins.server",
    "localcloud.plugins.aws",
    "render_provider.provider.provider",
    "registry_provider.provider.provider",
    "localcloud.plugins.random",
    "localcloud.docker.registry",
)
FLAGS_WITH_VALUE = {"-s", "--stack", "-C", "--cwd", "--color", "--profiling", "--tracing", "-v", "--verbose"}


def main() -> None:
    """Prepare what the command needs and become the real CLI."""
    sys.path.append(str(ROOT))  # last: what is in it never hides a module of Python's own
    from console import inherited

    inherited.settle()
    os.umask(0o077)  # the state and what the plugins write are the user's alone
    local = Path(os.environ.get("SLIPWAY_ROOT", ROOT)) / ".local"
    engine = json.loads((local / "engine.json").read_text())
    real = engine["pulumi"]
    backend = local / "state"
    words = sys.argv[1:]
    command = next(iter(_plain(words)), "")
    ours = os.environ.get("PULUMI_BACKEND_URL") == f"file://{backend}" and Path.cwd().resolve() == ROOT
    if ours and _plain(words)[:2] == ["stack", "init"]:
        os.chdir(_shadow(local))  # the salt is written beside the Pulumi.yaml of the folder one stands in
    elif ours and command in USES_STACK and (stack := _stack(words, local)):
        checked_in = ROOT / f"Pulumi.{stack}.yaml"
        if checked_in.exists():
            if command not in READS and not engine["official"]:
                _load_ahead(local)
            _mend(stack, backend)
            if command not in READS:
                _initialise(real, stack, backend, local)
            os.environ["PULUMI_OPTION_CONFIG_FILE"] = str(_merged(checked_in, local))
            if command in CHANGES:
                _unlock(stack, backend)
                _forget_creating(stack, backend)
            if {"-d", "--debug", "-v", "--verbose"} & {word.partition("=")[0] for word in words}:
                os.environ["SLIPWAY_DEBUG"] = "1"
    os.execv(real, [real, *words])  # noqa: S606 - becoming the CLI is the point


def _load_ahead(local: Path) -> None:
    """While the engine starts, load what it will start (docs/adr/0020)."""
    folder = local / "run"
    for left in folder.glob("ahead-*.sock"):
        if not _is_pulumi(int(left.stem.partition("-")[2])):
            left.unlink(missing_ok=True)
    address = folder / f"ahead-{os.getpid()}.sock"
    # On macOS a copy of a process that has loaded system libraries may not go on.
    if sys.platform != "linux" or len(os.fsencode(address)) > LONGEST_SOCKET or not folder.is_dir():
        return
    command = [sys.executable, "-u", "-m", "pulumi_plugin.ahead", str(address), str(os.getpid()), *LOADED]
    quiet = subprocess.DEVNULL
    # In a session of its own: what a terminal sends to the command, such as Ctrl-C, is for the engine to pass on.
    subprocess.Popen(command, cwd=ROOT, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    os.environ["SLIPWAY_AHEAD"] = str(address)


def _plain(words: list[str]) -> list[str]:
    """The words that are no flags and no flag's value."""
    plain, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in FLAGS_WITH_VALUE
        else:
            plain.append(word)
    return plain


def _stack(words: list[str], local: Path) -> str | None:
    for place, word in enumerate(words):
        if word in ("-s", "--stack"):
            name = words[place + 1] if place + 1 < len(words) else ""
            return name.rpartition("/")[2] or None
        if word.startswith(("--stack=", "-s=")):
            return word.partition("=")[2].rpartition("/")[2] or None
    named = os.environ.get("PULUMI_OPTION_STACK") or os.environ.get("PULUMI_STACK")
    if named:
        return named.rpartition("/")[2]
    for path in (local / "pulumi" / "workspaces").glob(f"{_project()}-*-workspace.json"):
        selected = json.loads(path.read_text()).get("stack") or ""
        return str(selected).rpartition("/")[2] or None
    return None


def _project() -> str:
    found = re.search(r"^name:\s*(\S+)", (ROOT / "Pulumi.yaml").read_text(), re.MULTILINE)
    return found[1] if found else ""


def _state(stack: str, backend: Path) -> Path:
    return backend / ".pulumi" / "stacks" / _project() / f"{stack}.json"


def _shadow(local: Path) -> Path:
    folder = local / "stacks" / "init"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: {_project()}\nruntime: python\n")
    return folder


def _initialise(real: str, stack: str, backend: Path, local: Path) -> None:
    if _state(stack, backend).exists():
        return
    made = subprocess.run(
        [real, "stack", "init", stack, "--non-interactive"], cwd=_shadow(local), capture_output=True, text=True
    )
    if made.returncode != 0:
        sys.stderr.write(made.stderr or made.stdout)
        sys.exit(made.returncode)


def _merged(checked_in: Path, local: Path) -> Path:
    """The checked-in settings, what the engine needs locally, and the salt that an earlier run has written.

    The real account's key, which `stack init --secrets-provider` writes there, is left out: it opens nothing here.
    """
    target = local / "stacks" / checked_in.name
    before = target.read_text() if target.exists() else ""
    salt = re.search(r"^encryptionsalt:.*$", before, re.MULTILINE)
    if salt is None:  # `stack init` wrote it beside the shadow project
        init = local / "stacks" / "init" / checked_in.name
        salt = re.search(r"^encryptionsalt:.*$", init.read_text(), re.MULTILINE) if init.exists() else None
    text = re.sub(
        r"^(secretsprovider|encryptedkey|encryptionsalt):.*\n?", "", checked_in.read_text(), flags=re.MULTILINE
    )
    found = re.search(r"^config:[ \t]*\n((?:[ \t]*(?:#.*)?\n)*)([ \t]+)\S", text, re.MULTILINE)
    if found and "aws:s3UsePathStyle" not in text:
        start = found.start(2)
        text = f'{text[:start]}{found[2]}aws:s3UsePathStyle: "true"\n{text[start:]}'
    if salt:
        text = text.rstrip("\n") + "\n" + salt[0] + "\n"
    if text != before:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        temporary.write_text(text)
        temporary.replace(target)
    return target


def _mend(stack: str, backend: Path) -> None:
    """Undo a write of the state that was cut short: its side file, or the state itself, which has a copy."""
    path = _state(stack, backend)
    copy = path.with_name(f"{path.name}.bak")
    for one in (path, copy):
        side = one.with_name(f"{one.name}.attrs")
        if side.exists() and not _readable(side):
            side.unlink(missing_ok=True)
    if path.exists() and not _readable(path) and _readable(copy):
        copy.replace(path)
        _say(f"an earlier run was killed while it wrote the state of {stack}: the copy before it is taken")


def _readable(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True


def _unlock(stack: str, backend: Path) -> None:
    for path in (backend / ".pulumi" / "locks" / "organization" / _project() / stack).glob("*.json"):
        lock = json.loads(path.read_text())
        if lock.get("hostname") == platform.node() and not _is_pulumi(int(lock.get("pid", 0))):
            path.unlink(missing_ok=True)
            _say(f"an earlier run (pid {lock['pid']}) was killed: its lock on {stack} is removed")


def _is_pulumi(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        said = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True).stdout
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return "pulumi" in said


def _forget_creating(stack: str, backend: Path) -> None:
    path = _state(stack, backend)
    text = path.read_text() if path.exists() else ""
    if '"pending_operations"' not in text:
        return
    state = json.loads(text)
    latest = state["checkpoint"].get("latest") or {}
    pending = latest.get("pending_operations") or []
    creating = [one["resource"]["urn"].rpartition("::")[2] for one in pending if one["type"] == "creating"]
    if creating:
        latest["pending_operations"] = [one for one in pending if one["type"] != "creating"]
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(state, indent=4))
        temporary.replace(path)
        _say(f"it was creating {', '.join(creating)}: what is there already will be found and kept")


def _say(message: str) -> None:
    sys.stderr.write(f"slipway: {message}\n")


if __name__ == "__main__":
    main()
