"""compose.yaml and compose.prod.yaml: the same application as on Render, and what production asks of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HARDENED = {"web", "worker", "ops", "backup", "restore", "gateway", "database", "cache"}
OURS = {"web", "worker", "ops"}
# What these files and scripts/deploy.sh say of themselves; all else is the application's.
OWN = {
    *("APP_IMAGE", "OPS_IMAGE", "ENV_FILE", "CACHE", "DATABASE_PASSWORD"),
    *("HOST_PORT", "HTTP_PORT", "HTTPS_PORT", "SITE_ADDRESS"),
    *("DATA_IMAGE", "DB_BACKUP_CRON", "DB_BACKUP_RETENTION_DAYS"),
    *("RESTORE_SERVICES", "RESTORE_POLL_INTERVAL", "RESTORE_STOP_TIMEOUT"),
    *("RESTORE_STOP_WAIT_SECONDS", "RESTORE_START_WAIT_SECONDS"),
    *("MAINTENANCE_ALLOW", "MAINTENANCE_RETRY_AFTER"),
    *("MAINTENANCE_CONTACT_EMAIL", "MAINTENANCE_CONTACT_LABEL", "MAINTENANCE_CONTACT_LINK"),
}


class Loader(yaml.SafeLoader):
    """YAML with Compose's own `!reset`, which empties what the file before said."""


Loader.add_constructor("!reset", lambda _loader, _node: [])


def load(name: str) -> dict[str, Any]:
    """One of the two."""
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader)  # noqa: S506 - a SafeLoader
    return found


def services(name: str) -> dict[str, Any]:
    """Its services by name."""
    found: dict[str, Any] = load(name)["services"]
    return found


def variables() -> set[str]:
    """Every variable that the application reads in whichever environment."""
    code = "from cams.environment import names; print(*names('dev'), *names('prod'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "app", capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.split())


def documented() -> set[str]:
    """Every variable of .env.prod."""
    text = (ROOT / "app/.env.prod").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE))


def test_profiles_are_those_of_the_documents() -> None:
    """dev, prod and cache, one for what runs and ends, and those of who keeps the data."""
    everything = services("compose.yaml") | services("compose.prod.yaml")
    profiles = {
        name: one.get("profiles") or services("compose.yaml")[name]["profiles"] for name, one in everything.items()
    }

    assert profiles == {
        "web": ["dev", "prod"],
        "worker": ["dev", "prod"],
        "ops": ["ops"],
        "backup": ["backup"],
        "restore": ["restore"],
        "database": ["dev", "prod", "ops"],
        "cache": ["cache"],
        "gateway": ["prod"],
    }


def test_what_the_application_is_told_is_what_it_reads() -> None:
    """The file that is given, of the form of .env.prod, and a few variables beside it: no other name."""
    for name in ("compose.yaml", "compose.prod.yaml"):
        for service in OURS:
            assert set(services(name)[service]["environment"]) <= variables()
    for service in OURS:
        assert services("compose.yaml")[service]["env_file"] == "${ENV_FILE:-app/.env.example}"


def test_what_the_files_ask_of_the_shell_is_known() -> None:
    """Theirs or the application's; what production cannot be without says so."""
    text = (ROOT / "compose.yaml").read_text() + (ROOT / "compose.prod.yaml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))

    assert asked - OWN <= documented()
    assert asked >= OWN
    assert "${DATABASE_PASSWORD:?" in text


def test_production_is_limited_and_hardened() -> None:
    """Each service: limits, restarts, rotated logs, no new privileges, no capability but those that it names."""
    prod = services("compose.prod.yaml")

    assert set(prod) == HARDENED
    for name, one in prod.items():
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["cap_drop"] == ["ALL"]
        assert one["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
        assert one["restart"] == ("no" if name == "ops" else "unless-stopped")
        if name != "ops":
            assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_what_is_waited_for_can_become_healthy() -> None:
    """`up --wait` fails at one whose check is disabled; and Caddy refuses HEAD, which some `wget --spider` send."""
    checks = [
        one["healthcheck"]
        for name in ("compose.yaml", "compose.prod.yaml")
        for one in services(name).values()
        if "healthcheck" in one
    ]

    assert len(checks) >= 4
    assert [check for check in checks if "disable" in check or "--spider" in check["test"]] == []


def test_the_application_writes_two_folders_alone() -> None:
    """Of a root file system that it cannot write; no port of it is open but the gateway's."""
    for name in OURS:
        one = services("compose.prod.yaml")[name]
        assert (one["read_only"], one["tmpfs"], one["volumes"]) == (True, ["/tmp"], ["static:/srv/static"])  # noqa: S108 - in the container
        assert one["environment"]["STATIC_ROOT"] == "/srv/static"
    assert services("compose.prod.yaml")["web"]["ports"] == []
    open_ports = [port for one in services("compose.yaml").values() for port in one.get("ports", ())]
    assert [port for port in open_ports if not port.startswith("127.0.0.1:")] == []


def test_what_is_mounted_exists() -> None:
    """Files beside it, and volumes that are declared."""
    declared = set(load("compose.yaml")["volumes"]) | set(load("compose.prod.yaml")["volumes"])
    declared.add("/var/run/docker.sock")  # the engine's, for the one that stops and starts the others
    mounts = [
        mount.partition(":")[0]
        for name in ("compose.yaml", "compose.prod.yaml")
        for one in services(name).values()
        for mount in one.get("volumes", ())
    ]

    assert [mount for mount in mounts if mount not in declared and not (ROOT / mount).is_file()] == []


@pytest.mark.parametrize("files", [("compose.yaml",), ("compose.yaml", "compose.prod.yaml")])
def test_compose_understands_them(files: tuple[str, ...]) -> None:
    """As the plugin reads them, where there is one; it needs no engine for that."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no `docker compose` on this machine")
    words = [word for file in files for word in ("--file", file)]
    everything = [
        word for profile in ("dev", "prod", "cache", "ops", "backup", "restore") for word in ("--profile", profile)
    ]
    done = subprocess.run(
        [docker, "compose", *words, *everything, "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "DATABASE_PASSWORD": "invented"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
