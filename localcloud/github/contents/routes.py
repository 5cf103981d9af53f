"""Files of a commit, read. https://docs.github.com/en/rest/repos/contents"""

from __future__ import annotations

import base64
from typing import Any

from localcloud.github.api.call import Call, Reply, Route
from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.commits.routes import commit_of
from localcloud.github.git.repository import blob_bytes, git
from localcloud.github.repositories.bodies import html_url, url
from localcloud.github.repositories.routes import REPO

TYPES = {"blob": "file", "tree": "dir", "commit": "submodule"}
LARGEST = 1_000_000  # of a file whose content is in the answer


def get(call: Call) -> Reply:
    """GET /repos/{owner}/{repo}/contents/{path}: a file, or what is in a folder."""
    ref = call.query("ref", call.repository.default_branch)
    commit = commit_of(call.repository, ref)
    if commit is None:
        raise ApiError(404, f"No commit found for the ref {ref}")
    path = call.parts.get("path", "").strip("/")
    if path:
        rows = _rows(commit, path)
        if not rows:
            raise NotFoundError
        if rows[0]["type"] != "dir":
            return _file(call, ref, rows[0])
    return Reply([_entry(call, ref, row) for row in _rows(commit, f"{path}/" if path else "")])


def _file(call: Call, ref: str, row: dict[str, Any]) -> Reply:
    content = blob_bytes(row["sha"])
    if "raw" in call.request.headers.get("Accept", ""):
        return Reply(content, content_type="application/vnd.github.raw; charset=utf-8")
    small = len(content) <= LARGEST
    shown = base64.encodebytes(content).decode() if small else ""
    return Reply({**_entry(call, ref, row), "content": shown, "encoding": "base64" if small else "none"})


def _rows(commit: str, path: str) -> list[dict[str, Any]]:
    """What Git lists of a path: the entry itself, or with a slash at its end what is in it."""
    rows = []
    for line in git("ls-tree", "-z", "-l", commit, "--", *([path] if path else [])).split("\0")[:-1]:
        facts, _, name = line.partition("\t")
        _, kind, sha, size = facts.split()
        rows.append({"path": name, "type": TYPES[kind], "sha": sha, "size": int(size) if size != "-" else 0})
    return rows


def _entry(call: Call, ref: str, row: dict[str, Any]) -> dict[str, Any]:
    path, kind = row["path"], "tree" if row["type"] == "dir" else "blob"
    address = f"{url(call.repository)}/contents/{path}?ref={ref}"
    page = f"{html_url(call.repository)}/{kind}/{ref}/{path}"
    git_url = f"{url(call.repository)}/git/{kind}s/{row['sha']}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": row["sha"],
        "size": row["size"],
        "url": address,
        "html_url": page,
        "git_url": git_url,
        "download_url": address if row["type"] == "file" else None,
        "type": row["type"],
        "_links": {"self": address, "git": git_url, "html": page},
    }


DOCS = "repos/contents#get-repository-content"
routes = [
    Route("GET", f"{REPO}/contents", get, "contents", docs=DOCS),
    Route("GET", f"{REPO}/contents/{{path:path}}", get, "contents", docs=DOCS),
]
