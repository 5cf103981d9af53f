"""The `pulumi` on the local PATH: the real CLI, given what keeps the checkout clean and a killed run harmless.

It uses the standard library alone and runs with `python -I -S`, because it is started for every command.

- The engine reads a copy of the checked-in `Pulumi.<stack>.yaml` (docs/adr/0025), because it writes its salt into the
  file that it reads. What a command sets is kept in the checked-in file; what cannot be is refused (`refusals.py`).
- A stack that the local backend does not have yet is made.
- What a killed run has left is put in order (`leftovers.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))  # last: what is in it never hides a module of Python's own

from console import inherited
from localcloud.engine import leftovers
from localcloud.engine.refusals import refusal
from localcloud.engine.stack_file import Project, copy, standing
from localcloud.engine.words import Words

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = {"up", "preview", "refresh", "destroy", "import", "watch", "logs"}
CHANGES = {"up", "refresh", "destroy", "import", "watch"}
READS = {"config", "config get", "config env", "config env list"}
WRITES = {"config set", "config set-all", "config remove", "config remove-all"}
# They know no --config-file, and write the salt beside the Pulumi.yaml of the folder that they run in.
ELSEWHERE = {"stack new", "stack history", "stack import", "state move"}
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


class Here:
    """The real CLI, the local cloud, and the project that a command is about."""

    def __init__(self, local: Path, pulumi: str, project: Project) -> None:
        self.local = local
        self.pulumi = pulumi
        self.project = project
        self.said = ""  # by the last command that was run beforehand
        self._backend = local / "state" / ".pulumi"

    def state(self, stack: str) -> Path:
        """Where the backend keeps a stack."""
        return self._backend / "stacks" / self.project.name / f"{stack}.json"

    def locks(self, stack: str) -> Path:
        """Where it keeps a stack's locks."""
        return self._backend / "locks" / "organization" / self.project.name / stack

    def folder(self) -> Path:
        """A project of the same name that is nobody's: what the CLI writes there does no harm."""
        folder = self.local / "stacks" / "init"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Pulumi.yaml").write_text(f"name: {self.project.name}\nruntime: python\n")
        return folder

    def run(self, *words: str, cwd: Path, show: bool = False) -> int:
        """Another command of the CLI, before the one that was asked for; nobody can answer its questions."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_OPTION_")}
        command = [self.pulumi, *words, "--non-interactive"]
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=not show, text=True, check=False)
        self.said = done.stderr or done.stdout
        return done.returncode


def main() -> None:
    """Prepare what the command needs and become the real CLI."""
    inherited.settle()
    os.umask(0o077)  # the state and what the plugins write are the user's alone
    local = Path(os.environ.get("SLIPWAY_ROOT", ROOT)) / ".local"
    engine = json.loads((local / "engine.json").read_text())
    words = Words(sys.argv[1:])
    ours = os.environ.get("PULUMI_BACKEND_URL") == f"file://{local / 'state'}"
    project = Project.of(words) if ours and not words.on("help") else None
    if project and project.name == Project(ROOT / "Pulumi.yaml").name:
        # The salt is in the state from the first; a stack file without it is one that has none of its own.
        os.environ["PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER"] = "true"
        words = _prepared(words, Here(local, engine["pulumi"], project), official=engine["official"])
    os.execv(engine["pulumi"], [engine["pulumi"], *words.words])  # noqa: S606 - becoming the CLI is the point


def _prepared(words: Words, here: Here, *, official: bool) -> Words:
    command = words.command
    stack = here.project.stack(words, Path(os.environ.get("PULUMI_HOME", here.local / "pulumi")))
    if told := refusal(words, here.project, stack):
        sys.stderr.write(f"error: {told}\n")
        sys.exit(2)
    if command in OPERATIONS and not (command == "up" and words.arguments):  # `up` of a template is another project's
        if command != "logs" and not official:
            _load_ahead(here.local)
        leftovers.mend(here.state(stack), stack)
        _make_stack(here, stack)
        _keep_settings(words, here, stack)
        words = _reading_a_copy(words, here, stack)
        if command in CHANGES:
            leftovers.unlock(here.locks(stack), stack)
            leftovers.forget_creating(here.state(stack))
        if words.on("debug") or words.value("verbose"):
            os.environ["SLIPWAY_DEBUG"] = "1"
    elif command in READS:
        leftovers.mend(here.state(stack), stack)
        words = _reading_a_copy(words, here, stack)
    elif command in WRITES:
        _make_stack(here, stack)
    elif command in ELSEWHERE:
        words = _elsewhere(words, here, stack)
    elif command.startswith("stack"):
        _stack_command(words, here, stack)
    return words


def _make_stack(here: Here, stack: str) -> None:
    """Have the stack that a command is about, if there is a file for it."""
    if here.state(stack).exists() or not (here.project.folder / f"Pulumi.{stack}.yaml").exists():
        return
    code = here.run("stack", "init", stack, "--no-select", cwd=here.folder())
    if code != 0 and not here.state(stack).exists():  # else another command has made it meanwhile
        sys.stderr.write(here.said)
        sys.exit(code)


def _keep_settings(words: Words, here: Here, stack: str) -> None:
    """What `--config` sets is kept, as the CLI does: in the checked-in file."""
    settings = [one if "=" in one else f"{one}=" for one in words.all("config")]
    if settings:
        flags = ["--config-file", str(here.project.stack_file(words, stack))] if words.value("config-file") else []
        flags += [part for one in settings for part in ("--plaintext", one)]
        if code := here.run("config", "set-all", "--stack", stack, *flags, cwd=here.project.folder, show=True):
            sys.exit(code)


def _reading_a_copy(words: Words, here: Here, stack: str) -> Words:
    source = here.project.stack_file(words, stack)
    name = f"Pulumi.{stack}.yaml"
    if source != here.project.folder / name:
        name = f"{hashlib.sha256(os.fsencode(source)).hexdigest()[:12]}-{source.name}"
    folder = here.folder()

    def extend(file: Path) -> None:
        # The real AWS plugin reaches a local S3 by no other way. Any YAML is the CLI's to read and to extend; what it
        # cannot read, the command itself will tell.
        setting = ("aws:s3UsePathStyle", "true")
        here.run("config", "set", "--stack", stack, "--config-file", str(file), *setting, cwd=folder)

    return words.with_option("config-file", str(copy(source, folder.parent, name, extend)))


def _elsewhere(words: Words, here: Here, stack: str) -> Words:
    """The same in a folder whose stack files are nobody's; what it is given stays what it was."""
    moved = words.with_option("cwd", str(here.folder()))
    if words.command == "stack new":
        name = next(iter(words.arguments), words.value("stack"))
        if not name or words.on("no-select"):
            return moved
        if code := subprocess.run([here.pulumi, *moved.words], check=False).returncode:
            sys.exit(code)
        return Words(["stack", "select", name, f"--cwd={standing(words)}"])
    if stack:
        os.environ["PULUMI_STACK"] = stack
    if file := words.value("file"):
        return moved.with_option("file", str(standing(words) / file))
    return moved


def _stack_command(words: Words, here: Here, stack: str) -> None:
    if words.command in {"stack select", "stack remove"} and words.arguments:
        stack = words.arguments[0].rpartition("/")[2]
    leftovers.mend(here.state(stack), stack)
    if words.command == "stack select" and words.on("create"):
        _make_stack(here, stack)
    elif words.command == "stack remove" and not words.all("preserve-config"):
        os.environ["PULUMI_OPTION_PRESERVE_CONFIG"] = "true"
        leftovers.say(f"Pulumi.{stack}.yaml is kept: it is checked in, and of every cloud")


def _load_ahead(local: Path) -> None:
    """While the engine starts, load what it will start (docs/adr/0020)."""
    folder = local / "run"
    for left in folder.glob("ahead-*.sock"):
        if not leftovers.is_pulumi(int(left.stem.partition("-")[2])):
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


if __name__ == "__main__":
    main()
