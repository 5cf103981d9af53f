"""What a command takes over from the shell that started it: decided here, for everything that we start.

A hook of git gives its own repository to whatever it starts, a shell its proxies and its Python. Every program that
people, engines or tests start calls `settle` first; every git that we start ourselves gets `git()`.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path

# Of git's variables only those that say who somebody is and how a host is reached; the others, whatever git may add
# to what `git rev-parse --local-env-vars` lists, name a repository or change what a command means.
GIT_KEPT = re.compile(r"GIT_(EXEC_PATH|SSL_\w+|SSH\w*|ASKPASS|TERMINAL_PROMPT|(AUTHOR|COMMITTER)_\w+)")
PYTHON_KEPT = {"PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHONHASHSEED", "PYTHONFAULTHANDLER"}
# What chooses an account, a workspace or a state; how the AWS CLI shows its answers is no such choice.
OTHER_CLOUDS = re.compile(
    r"AWS_(?!(PAGER|DEFAULT_OUTPUT|CLI_AUTO_PROMPT|CLI_FILE_ENCODING)$)\w+|BOTO_CONFIG|RENDER_\w+"
    r"|PULUMI_(?!OPTION_)\w+|PULUMI_OPTION_(STACK|CWD|CONFIG_FILE|SECRETS_PROVIDER)"
)
# What changes how a server of ours speaks to a database, or what moto is.
OF_SERVERS = re.compile(r"(PG[A-Z]+|MOTO_\w+|DJANGO_\w+|DATABASE_URL|REDIS_URL|PORT)")
THIS_MACHINE = ("127.0.0.1", "localhost", ".localhost", "::1", "[::1]")
GIT_CONFIG = Path(__file__).with_name("gitconfig")


def settle(environ: MutableMapping[str, str] = os.environ) -> None:
    """Leave the caller's repository and Python to the caller, and reach this machine round every proxy."""
    for name in [name for name in environ if _is_the_callers(name)]:
        del environ[name]
    environ.update(direct(environ))
    environ.update(user(environ))


def _is_the_callers(name: str) -> bool:
    if name.startswith("GIT_"):
        return GIT_KEPT.fullmatch(name) is None
    return name == "VIRTUAL_ENV" or (name.startswith("PYTHON") and name not in PYTHON_KEPT)


def of_other_clouds(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The variables by which clients would leave the cloud on this machine."""
    return sorted(filter(OTHER_CLOUDS.fullmatch, environ))


def for_servers(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a daemon on this machine takes over: nothing that names another cloud, a database or an application."""
    dropped = {*of_other_clouds(environ), *filter(OF_SERVERS.fullmatch, environ)}
    return {name: value for name, value in environ.items() if name not in dropped} | {
        # The user's profiles may name other endpoints, or be broken.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def git(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a git of ours: the repository that its command names, and no configuration but ours."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name == "GIT_EXEC_PATH"}
    return kept | {
        "GIT_CONFIG_GLOBAL": str(GIT_CONFIG),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "LC_ALL": "C",
    }


def direct(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What keeps every client from asking a proxy for this machine. Exceptions that are set stay."""
    set_so_far = [environ.get(name, "") for name in ("no_proxy", "NO_PROXY")]
    # A lone star means everything; in a list it means nothing to some clients, so nothing may be added to it.
    everything = any(value.strip() == "*" for value in set_so_far)
    hosts = "*" if everything else _with_this_machine(*set_so_far)
    # gRPC knows no star, and only this spelling goes before `no_proxy`.
    of_grpc = _with_this_machine(environ.get("no_grpc_proxy", ""), *set_so_far)
    return {"no_proxy": hosts, "NO_PROXY": hosts, "no_grpc_proxy": of_grpc}


def _with_this_machine(*lists: str) -> str:
    hosts = [host for value in lists for host in re.split(r"[,\s]+", value) if host]
    return ",".join(dict.fromkeys([*hosts, *THIS_MACHINE]))


def user(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The name that programs ask for, where the shell gives none: a container's user may have no entry anywhere."""
    return {} if environ.get("USER") else {"USER": name() or f"uid-{os.geteuid()}"}


def name() -> str | None:
    """What the machine calls this user; None for one that it does not know."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None
