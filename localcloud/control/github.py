"""The local GitHub for the commands: asked by its API, and pushed to with git."""

from __future__ import annotations

import http.client
import json
import subprocess
import urllib.request
from typing import Any

from console.errors import ExplainedError
from console.output import Say
from localcloud.control import daemons
from localcloud.github.repositories.declared import declared
from localcloud.github.socket import config_folder
from localcloud.github.users.model import person
from localcloud.machine import process
from localcloud.machine.paths import checkout, folder, git_host
from localcloud.machine.ports import HOST, port

SECONDS = 120
GH_HOST = "github.localhost"  # the one name for which gh speaks HTTP: the socket in its configuration leads here


class LocalGitHub:
    """The GitHub of this machine, started by being needed."""

    def __init__(self, say: Say, login: str = "") -> None:
        daemons.start(say, [daemons.GITHUB])
        said = declared()
        self.repository = f"{said.owner}/{said.name}"
        self._token = (folder("github", "tokens") / person()).read_text()
        if login and login != person():
            self._token = str(self.ask("POST", "/_local/tokens", {"login": login})["token"])

    @property
    def token(self) -> str:
        """The personal token of who is meant."""
        return self._token

    def of_repository(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call about this checkout's repository."""
        return self.ask(method, f"/repos/{self.repository}{path}", body)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call; a refusal is told in GitHub's words."""
        request = urllib.request.Request(
            f"http://{HOST}:{port('github')}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - it is on this machine
                text, kind = answer.read(), answer.headers.get("Content-Type", "")
        except urllib.error.HTTPError as error:
            with error:
                raise ExplainedError("the local GitHub refuses", _words(error.read())) from error
        except (OSError, http.client.HTTPException) as error:
            why = str(getattr(error, "reason", error)) or type(error).__name__
            hint = "./slipway local logs github" if process.find("github") else "./slipway local start"
            raise ExplainedError("cannot ask the local GitHub", why, hint=hint) from error
        if "json" not in kind:
            return text.decode(errors="replace")
        return json.loads(text) if text else None


def push(branch: str, *, owner: str = "", force: bool = False) -> str:
    """Push HEAD to that branch, or to one of somebody's fork; the commit that it is at by now."""
    place = f"refs/namespaces/{owner.lower()}/refs/heads/" if owner else "refs/heads/"
    command = ["git", "push", "--quiet", *(["--force"] if force else []), str(git_host()), f"HEAD:{place}{branch}"]
    ended = subprocess.run(command, cwd=checkout(), capture_output=True, text=True, check=False, timeout=10 * SECONDS)
    if ended.returncode != 0:
        raise _refused(branch, ended.stderr)
    found = ["git", "rev-parse", "HEAD"]
    return subprocess.run(
        found, cwd=checkout(), capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def _refused(branch: str, said: str) -> ExplainedError:
    """What the other side said, without Git's advice on pulling."""
    lines = [line for line in said.splitlines() if not line.startswith("hint:")]
    if "GH006" in said:
        lines = [line.removeprefix("remote:").strip().removeprefix("error: ") for line in lines if "remote:" in line]
        hint = f"./slipway local pr create --base {branch} --head OTHER"
    elif "non-fast-forward" in said:
        hint = f"./slipway local push {branch} --force, which loses commits of that branch"
    else:
        hint = None
    return ExplainedError(f"{branch} was not pushed", "\n".join(filter(None, lines)), hint=hint)


def variables(github: LocalGitHub) -> dict[str, str]:
    """What makes gh, and whatever else reads the variables of a workflow's job, use the GitHub of this machine."""
    return {
        "GH_HOST": GH_HOST,
        "GH_REPO": f"{GH_HOST}/{github.repository}",
        "GH_TOKEN": github.token,
        "GH_CONFIG_DIR": str(config_folder()),
        "GITHUB_API_URL": f"http://{HOST}:{port('github')}",
        "GITHUB_GRAPHQL_URL": f"http://{HOST}:{port('github')}/graphql",
        "GITHUB_REPOSITORY": github.repository,
        "GITHUB_TOKEN": github.token,
    }


def _words(raw: bytes) -> str:
    try:
        said = json.loads(raw)
    except ValueError:
        return raw[:300].decode(errors="replace")
    more = [one if isinstance(one, str) else one.get("message", "") for one in said.get("errors", [])]
    return "; ".join([said.get("message", ""), *filter(None, more)])
