"""A local cloud with its environments, and the checkout that drives it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from tests.support.checkout import Checkout, Done, run
from tests.support.clouds import TIMEOUT, Database, Render, aws
from tests.support.processes import living_in
from tests.support.running import Running

ENVIRONMENTS = ("dev", "staging", "prod")
SECRET = "4dabf18193072939515e22adb298388d"  # Pulumi's own mark on a secret value
# Each environment is brought to life in another way.
FIRST_UP = {
    "staging": "./slipway up staging",
    "dev": 'eval "$(./slipway local env)"\npulumi up --stack dev --yes',
    "prod": 'eval "$(./slipway local env)"\n'
    "pulumi preview --stack prod --save-plan .local/prod.plan\n"
    "pulumi up --stack prod --plan .local/prod.plan --yes",
}
AGAIN_UP = "./slipway up dev"


class World:
    """One local cloud, and the checkout that it belongs to."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.first_up: dict[str, Done] = {}
        self.first_url: dict[str, str] = {}  # a test may make a service anew, elsewhere
        self._up: set[str] = set()

    @property
    def root(self) -> Path:
        """Where the local cloud keeps its state, in `.local`."""
        return Path(self.checkout.environment.get("SLIPWAY_ROOT", self.checkout.folder))

    @cached_property
    def variables(self) -> dict[str, str]:
        """What `./slipway local env` sets."""
        said = self.local("env", "--json", check=True)
        return {name: value for name, value in json.loads(said.stdout).items() if value is not None}

    @property
    def environment(self) -> dict[str, str]:
        """A shell's, after `eval "$(./slipway local env)"`."""
        return self.checkout.environment | self.variables

    def slipway(self, *words: str, check: bool = False, environment: Mapping[str, str] | None = None) -> Done:
        """The command line, as the launcher starts it."""
        return self.checkout.run(".venv/bin/python", "-m", "ops", *words, check=check, environment=environment)

    def local(self, *words: str, check: bool = False, environment: Mapping[str, str] | None = None) -> Done:
        """A command of the local cloud."""
        return self.checkout.run(".venv/bin/python", "-m", "localcloud", *words, check=check, environment=environment)

    def pulumi(self, *words: str, check: bool = True) -> Done:
        """The bare tool under the local environment."""
        return self.checkout.run("pulumi", *words, check=check, environment=self.variables)

    def pulumi_up(self, name: str, environment: Mapping[str, str] | None = None) -> Done:
        """`pulumi up` with no questions, in the local environment or exactly that one."""
        return run(_up(name), self.checkout.folder, environment or self.environment)

    def bare(self, script: str, *, check: bool = True) -> Done:
        """A command line of the README's second block, literally, after its first line."""
        return self.checkout.shell(f'eval "$(./slipway local env)"\n{script}', check=check)

    def slipway_up(self, name: str, *, check: bool = True) -> Done:
        """`./slipway up NAME`."""
        done = self.checkout.run("./slipway", "up", name, check=check)
        if done.returncode == 0:
            self._up.add(name)
        return done

    def begin(self, *words: str, environment: Mapping[str, str] | None = None) -> Running:
        """Start a program in a process group of its own."""
        log = Path(tempfile.mkstemp(prefix="run-", suffix=".log", dir=self.root)[1])
        with log.open("wb") as output:
            popen = subprocess.Popen(
                words,
                cwd=self.checkout.folder,
                env={**self.checkout.environment, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(popen, log)

    def begin_up(self, name: str) -> Running:
        """A bare `pulumi up`: the wrapper becomes the engine, so the process is the engine itself."""
        return self.begin(*_up(name), environment=self.variables)

    @cached_property
    def render(self) -> Render:
        """Render's API."""
        return Render(self.variables)

    def aws(self, service: str, *, key: tuple[str, str] | None = None) -> Any:
        """A boto3 client, as the administrator or with another key."""
        ours = (self.variables["AWS_ACCESS_KEY_ID"], self.variables["AWS_SECRET_ACCESS_KEY"])
        return aws(service, self.variables["AWS_ENDPOINT_URL"], key or ours)

    def give_away(self, *slugs: str) -> None:
        """Let somebody else have these names at Render."""
        for slug in slugs:
            host = self.variables["RENDER_HOST"].removesuffix("/v1")
            requests.post(f"{host}/_local/strangers", json={"slug": slug}, timeout=TIMEOUT).raise_for_status()

    def fault(self, cloud: str, **what: Any) -> None:
        """Ask one of the two clouds for a fault."""
        told = requests.post(f"http://127.0.0.1:{self.port(cloud)}/_local/faults", json=what, timeout=5)
        assert told.ok, told.text

    def port(self, name: str) -> int:
        """The port kept under that name."""
        return int(json.loads((self.root / ".local/ports.json").read_text())[name])

    @cached_property
    def outside(self) -> list[Path]:
        """What it keeps beside `.local/`, asked of its own program."""
        home = "localcloud.render.runtime.databases.folders"
        code = f"from {home} import reset_folders; print(*reset_folders(), sep='\\n')"
        said = self.checkout.run(".venv/bin/python", "-c", code, check=True)
        return [Path(line) for line in said.stdout.splitlines() if line]

    def left_running(self) -> list[str]:
        """Every living process that belongs to it: its pid and its command line."""
        return living_in([self.root, *self.outside])

    def have(self, name: str) -> Environment:
        """That environment, brought up where it is not."""
        if name != "staging":
            self.have("staging")  # that is what starts the cloud, from nothing
        if name not in self.first_up:
            if name == "prod":  # somebody else has its names, as anybody may
                self.give_away("cams-prod")
            self.first_up[name] = self.checkout.shell(FIRST_UP[name])
            self._up.add(name)
        first = self.first_up[name]
        assert first.returncode == 0, first.output
        self.first_url.setdefault(name, Environment(self, name).url)
        if name not in self._up:
            self.slipway_up(name)
        return Environment(self, name)

    def gone(self, name: str) -> None:
        """Note that a test has destroyed that environment: whoever needs it next brings it up again."""
        self._up.discard(name)


class Environment:
    """One of the three."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, the secret ones too."""
        said = self.world.pulumi("stack", "output", "--stack", self.name, "--json", "--show-secrets")
        found: dict[str, Any] = json.loads(said.stdout)
        return found

    def image(self) -> str:
        """What it runs, as of now."""
        return self.world.pulumi("stack", "output", "--stack", self.name, "image").stdout.strip()

    @property
    def url(self) -> str:
        """The public URL of the web service."""
        return str(self.outputs["url"])

    @property
    def database(self) -> Database:
        """Reached by the stack's secret output."""
        return Database(self.outputs["database_url"])

    def health(self) -> dict[str, Any]:
        """`/api/health/`, which has to answer 200."""
        answer = requests.get(f"{self.url}/api/health/", timeout=TIMEOUT)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def store(self, title: str) -> None:
        """Store an exam through the application."""
        answer = requests.post(f"{self.url}/api/exams/", json={"title": title}, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text

    def export(self, *, show_secrets: bool = False) -> str:
        """`pulumi stack export`."""
        flags = ("--show-secrets",) if show_secrets else ()
        return self.world.pulumi("stack", "export", "--stack", self.name, *flags).stdout

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds, with its secrets."""
        found: list[dict[str, Any]] = json.loads(self.export(show_secrets=True))["deployment"]["resources"]
        return found

    def preview(self) -> Done:
        """`pulumi preview` that is to find nothing to do."""
        return self.world.pulumi(
            "preview", "--stack", self.name, "--expect-no-changes", "--diff", "--non-interactive", check=False
        )


def assert_nothing_to_do(environment: Environment) -> None:
    """A preview of what is there is empty."""
    preview = environment.preview()
    assert preview.returncode == 0, preview.output


def _up(name: str) -> list[str]:
    return ["pulumi", "up", "--stack", name, "--yes", "--skip-preview"]
