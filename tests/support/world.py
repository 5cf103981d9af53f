"""The clouds as their user sees them: the bare tool, Render's API, boto3 and the databases themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
import psycopg
import requests
from botocore.config import Config

from tests.support.checkout import Checkout, Done

ENVIRONMENTS = ("dev", "staging", "prod")
SECRET = "4dabf18193072939515e22adb298388d"  # Pulumi's own mark on a secret value
TIMEOUT = 30.0
REGION = "eu-central-1"
# Each environment is brought to life in another way.
FIRST_UP = {
    "staging": "./slipway up staging",
    "dev": 'eval "$(./slipway local env)"\npulumi up --stack dev --yes',
    "prod": 'eval "$(./slipway local env)"\n'
    "pulumi preview --stack prod --save-plan .local/prod.plan\n"
    "pulumi up --stack prod --plan .local/prod.plan --yes",
}
AGAIN_UP = "./slipway up dev"


class Render:
    """Render's API as any client uses it."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._host = variables["RENDER_HOST"]
        self._headers = {"Authorization": f"Bearer {variables['RENDER_API_KEY']}"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request that has to succeed; what it answers."""
        answer = requests.request(method, self._host + path, json=body, headers=self._headers, timeout=TIMEOUT)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def all(self, path: str, envelope: str | None = None) -> list[dict[str, Any]]:
        """Everything of one kind, without the envelopes."""
        joint = "&" if "?" in path else "?"
        found = self.call("GET", f"{path}{joint}limit=100")
        assert len(found) < 100
        return [one[envelope] if envelope else one for one in found]

    def named(self, path: str, name: str, envelope: str | None = None) -> dict[str, Any]:
        """The one of that name."""
        [found] = [one for one in self.all(path, envelope) if one["name"] == name]
        return found

    def service(self, name: str) -> dict[str, Any]:
        """A service by its name."""
        return self.named("/services", name, "service")


@dataclass(frozen=True)
class Database:
    """A database as the application reaches it."""

    url: str

    def titles(self) -> list[str]:
        """The exams that are stored in it."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return [title for (title,) in connection.execute("select title from exams_exam order by id")]


class World:
    """One local cloud, and the checkout that it belongs to."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.first_up: dict[str, Done] = {}
        self.first_url: dict[str, str] = {}  # a test may make a service anew, elsewhere
        self._up: set[str] = set()

    @cached_property
    def variables(self) -> dict[str, str]:
        """What `./slipway local env` sets."""
        said = self.checkout.run(".venv/bin/python", "-m", "localcloud", "env", "--json", check=True)
        return {name: value for name, value in json.loads(said.stdout).items() if value is not None}

    @cached_property
    def render(self) -> Render:
        """Render's API."""
        return Render(self.variables)

    def aws(self, service: str, *, key: tuple[str, str] | None = None) -> Any:
        """A boto3 client, as the administrator or with another key."""
        ours = (self.variables["AWS_ACCESS_KEY_ID"], self.variables["AWS_SECRET_ACCESS_KEY"])
        return aws(service, self.variables["AWS_ENDPOINT_URL"], key or ours)

    def pulumi(self, *words: str, check: bool = True) -> Done:
        """The bare tool under the local environment."""
        return self.checkout.run("pulumi", *words, check=check, environment=self.variables)

    def bare(self, script: str, *, check: bool = True) -> Done:
        """A command line of the README's second block, literally, after its first line."""
        return self.checkout.shell(f'eval "$(./slipway local env)"\n{script}', check=check)

    def have(self, name: str) -> Environment:
        """That environment, brought up where it is not."""
        if name != "staging":
            self.have("staging")  # that is what starts the cloud, from nothing
        if name not in self.first_up:
            if name == "prod":  # somebody else has its names, as anybody may
                self.give_away("cams-prod", "cams-prod-frontend")
            self.first_up[name] = self.checkout.shell(FIRST_UP[name])
            self._up.add(name)
        first = self.first_up[name]
        assert first.returncode == 0, first.stdout + first.stderr
        self.first_url.setdefault(name, Environment(self, name).url)
        if name not in self._up:
            self.slipway_up(name)
        return Environment(self, name)

    def give_away(self, *slugs: str) -> None:
        """Let somebody else have these names at Render."""
        for slug in slugs:
            host = self.variables["RENDER_HOST"].removesuffix("/v1")
            requests.post(f"{host}/_local/strangers", json={"slug": slug}, timeout=TIMEOUT).raise_for_status()

    def slipway_up(self, name: str, *, check: bool = True) -> Done:
        """`./slipway up NAME`."""
        done = self.checkout.run("./slipway", "up", name, check=check)
        if done.returncode == 0:
            self._up.add(name)
        return done

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


def aws(service: str, endpoint: str, key: tuple[str, str]) -> Any:
    """A boto3 client of that key, which sends each request once."""
    return boto3.client(  # type: ignore[call-overload] # the stubs know each service by its literal name
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def assert_nothing_to_do(environment: Environment) -> None:
    """A preview of what is there is empty."""
    preview = environment.preview()
    assert preview.returncode == 0, preview.stdout + preview.stderr
