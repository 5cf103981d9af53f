"""What a command leaves to the shell or the hook that started it."""

from __future__ import annotations

import os
import pwd
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import requests

from console import inherited

ROOT = Path(__file__).parents[3]
LOCAL_HOSTS = "127.0.0.1,localhost,.localhost,::1,[::1]"


def test_nothing_of_the_callers_repository_is_left() -> None:
    """All that git itself calls local to a repository, its siblings, and whatever it may add."""
    asked = subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True)
    more = [
        "GIT_NAMESPACE",
        "GIT_CEILING_DIRECTORIES",
        "GIT_QUARANTINE_PATH",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_KEY_0",
    ]
    more += ["GIT_DEFAULT_HASH", "GIT_ALLOW_PROTOCOL", "GIT_PUSH_OPTION_COUNT", "GIT_OF_NEXT_YEAR"]
    names = [*asked.stdout.split(), *more]
    environ = dict.fromkeys(names, "x") | {"PATH": "/bin", "GIT_SSH_COMMAND": "ssh -i k", "GIT_AUTHOR_NAME": "A"}

    inherited.settle(environ)

    assert "GIT_DIR" in names
    assert "GIT_WORK_TREE" in names
    assert [name for name in environ if name.startswith("GIT_")] == ["GIT_SSH_COMMAND", "GIT_AUTHOR_NAME"]
    assert environ["PATH"] == "/bin"


def test_the_callers_python_is_left_to_the_caller() -> None:
    """Modules, options and warnings of another program break ours; how its output is written does not."""
    dropped = ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "VIRTUAL_ENV"]
    environ = dict.fromkeys([*dropped, "PYTHONUNBUFFERED", "PYTHONUTF8"], "1")

    inherited.settle(environ)

    assert [name for name in environ if name.startswith(("PYTHON", "VIRTUAL"))] == ["PYTHONUNBUFFERED", "PYTHONUTF8"]


@pytest.mark.parametrize(
    ("given", "everybody", "grpc"),
    [
        ({}, LOCAL_HOSTS, LOCAL_HOSTS),
        ({"no_proxy": "a.test, b.test"}, f"a.test,b.test,{LOCAL_HOSTS}", f"a.test,b.test,{LOCAL_HOSTS}"),
        (
            {"no_proxy": "a.test", "NO_PROXY": "b.test,127.0.0.1"},
            "a.test,b.test,127.0.0.1,localhost,.localhost,::1,[::1]",
            "a.test,b.test,127.0.0.1,localhost,.localhost,::1,[::1]",
        ),
        ({"NO_PROXY": "*"}, "*", f"*,{LOCAL_HOSTS}"),
        ({"no_grpc_proxy": "c.test"}, LOCAL_HOSTS, f"c.test,{LOCAL_HOSTS}"),
    ],
)
def test_exceptions_from_proxies_are_kept_and_added_to(given: dict[str, Any], everybody: str, grpc: str) -> None:
    """In both spellings, because clients read one or the other; a lone star stays alone."""
    assert inherited.direct(given) == {"no_proxy": everybody, "NO_PROXY": everybody, "no_grpc_proxy": grpc}


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "cams-dev.localhost", "[::1]"])
def test_clients_reach_this_machine_round_every_proxy(proxy: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As urllib (and with it botocore) and requests understand the exceptions."""
    monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    url = f"http://{host}:8000/"
    reached = {"urllib": bool(urllib.request.proxy_bypass(f"{host}:8000")), "requests": _direct(url)}

    for name, value in inherited.direct().items():
        monkeypatch.setenv(name, value)

    assert reached == {"urllib": False, "requests": False}
    assert urllib.request.proxy_bypass(f"{host}:8000")
    assert _direct(url)
    assert not _direct("http://example.com/")


def _direct(url: str) -> bool:
    return requests.Session().merge_environment_settings(url, {}, None, None, None)["proxies"] == {}


def test_what_chooses_another_cloud_is_known() -> None:
    """Every variable of AWS, Render and Pulumi but the ones that only say how answers are shown."""
    foreign = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_USE_FIPS_ENDPOINT"]
    foreign += ["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_OPTION_STACK", "RENDER_API_KEY"]
    harmless = ["AWS_PAGER", "AWS_DEFAULT_OUTPUT", "PULUMI_OPTION_COLOR", "PATH", "HOME"]

    assert inherited.of_other_clouds(dict.fromkeys([*harmless, *foreign], "x")) == sorted(foreign)


def test_a_server_of_ours_takes_no_database_from_the_shell() -> None:
    """What a connection does not say is read by libpq there; who it is, by moto."""
    given = dict.fromkeys(["PGHOSTADDR", "PGSSLMODE", "PGSERVICE", "MOTO_ACCOUNT_ID", "AWS_PROFILE", "PORT"], "x")

    kept = inherited.for_servers(given | {"PATH": "/bin"})

    assert kept == {"PATH": "/bin", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def test_a_user_whom_the_machine_does_not_know_gets_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulumi asks for USER where there is no entry; a name that is set stays."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    assert inherited.user({}) == {"USER": "uid-12345"}
    assert inherited.user({"USER": "exams"}) == {}


def test_tests_run_from_a_hook_leave_its_repository_alone(tmp_path: Path) -> None:
    """As a pre-push hook of a repository with worktrees starts them: GIT_DIR is set, and this is the example."""
    theirs = tmp_path / "theirs"
    _git("init", "--quiet", str(theirs))
    (theirs / "file").write_text("one")
    _git("-C", str(theirs), "add", "file")
    _git("-C", str(theirs), "commit", "--quiet", "--message", "One")
    before = _everything(theirs)
    environ = dict(os.environ) | {
        "GIT_DIR": str(theirs / ".git"),
        "GIT_WORK_TREE": str(theirs),
        "GIT_INDEX_FILE": str(theirs / ".git/index"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    done = subprocess.run(
        [
            ROOT / ".venv/bin/python",
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "tests/unit/ops/environments/test_branches.py",
        ],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert _everything(theirs) == before


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout


def _everything(checkout: Path) -> list[str]:
    folder = str(checkout)
    refs = _git("-C", folder, "for-each-ref")
    return [refs, _git("-C", folder, "config", "--local", "--list"), _git("-C", folder, "status", "--porcelain")]
