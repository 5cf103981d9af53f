"""The local Render as a process in a folder of its own, its API, and its Git host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from tests.support.waiting import eventually

CHECKOUT = Path(__file__).parents[2]
PLUGIN = CHECKOUT / "render_provider/pulumi-resource-render"
SECONDS = 30.0


class LocalRender:
    """`python -m localcloud.render` in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        environment = {**os.environ, "SLIPWAY_ROOT": str(root)}
        self._log = (root / "render.log").open("w")
        argv = [sys.executable, "-m", "localcloud.render"]
        self._process = subprocess.Popen(argv, cwd=CHECKOUT, env=environment, stdout=self._log, stderr=self._log)
        eventually(self._ready, "the local Render is up", SECONDS)
        identity = json.loads((root / ".local/identity.json").read_text())
        self.environment = {
            "RENDER_HOST": f"{self.url}/v1",
            "RENDER_API_KEY": identity["render_api_key"],
            "RENDER_OWNER_ID": identity["render_owner_id"],
        }
        self.owner: str = identity["render_owner_id"]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{json.loads((self.root / '.local/ports.json').read_text())['render']}"

    def _ready(self) -> bool:
        assert self._process.poll() is None, (self.root / "render.log").read_text()
        try:
            return requests.get(f"{self.url}/_local/health", timeout=2).ok
        except (requests.RequestException, FileNotFoundError, KeyError, ValueError):
            return False

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The API itself, behind the provider's back."""
        key = self.environment["RENDER_API_KEY"]
        answer = requests.request(
            method, f"{self.url}/v1{path}", json=body, timeout=30, headers={"Authorization": f"Bearer {key}"}
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def fault(self, **fault: Any) -> None:
        """Let a call go wrong."""
        requests.post(f"{self.url}/_local/faults", json=fault, timeout=10).raise_for_status()

    def push(self, branch: str, files: Mapping[str, str]) -> str:
        """Commit these files, and only these, to a branch of the one repository; the commit."""
        bare, tree = self.root / ".local/git/repository.git", self.root / "tree"
        if not bare.exists():
            _git("init", "-q", "--bare", str(bare))
        if not tree.exists():
            _git("init", "-q", "-b", branch, str(tree))
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        _git("-C", str(tree), "add", "-A")
        _git("-C", str(tree), "-c", "user.name=t", "-c", "user.email=t@t.test", "commit", "-q", "-m", "change")
        _git("-C", str(tree), "push", "-q", str(bare), f"HEAD:{branch}")
        return _git("-C", str(tree), "rev-parse", "HEAD").strip()

    def stop(self) -> None:
        """End it, with what it runs and what it keeps, also outside its folder."""
        self._process.terminate()
        self._process.wait(SECONDS)
        self._log.close()
        environment = {**os.environ, "SLIPWAY_ROOT": str(self.root)}
        subprocess.run([sys.executable, "-m", "localcloud", "reset"], cwd=CHECKOUT, env=environment, check=True)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout
