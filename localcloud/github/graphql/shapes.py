"""REST's documents under GraphQL's names; what costs something to find out is a function, called when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from localcloud.github.graphql.rest import Rest

Node = dict[str, Any]
PERMISSIONS = (("admin", "ADMIN"), ("push", "WRITE"), ("pull", "READ"))


def connection(nodes: Iterable[Any]) -> Node:
    """All of them as one page."""
    listed = list(nodes)
    page = {"hasNextPage": False, "hasPreviousPage": False, "endCursor": None, "startCursor": None}
    return {"totalCount": len(listed), "nodes": listed, "pageInfo": page}


def lazily(find: Callable[[], Iterable[Any]]) -> Callable[..., Node]:
    """A field with many: `first` and `last` bound how many are shown."""

    def resolve(_: Any, first: int | None = None, last: int | None = None, **more: Any) -> Node:
        nodes = list(find())
        shown = connection(nodes[:first] if first is not None else nodes[-last:] if last else nodes)
        return {**shown, "totalCount": len(nodes)}

    return resolve


def actor(user: Node | None) -> Node | None:
    """A user."""
    if user is None:
        return None
    shown = {"id": user["node_id"], "login": user["login"], "url": user["html_url"], "name": user["login"]}
    return {**shown, "__typename": user["type"], "databaseId": user["id"]}


def repository(rest: Rest, body: Node) -> Node:
    """A repository with its settings and its pull requests."""
    path = f"/repos/{body['full_name']}"
    allowed = body.get("permissions", {})

    def pulls(_: Any, states: list[str] | None = None, **more: Any) -> Node:
        wanted = {name: more.get(f"{name}RefName") for name in ("base", "head") if more.get(f"{name}RefName")}
        query = "".join(f"&{name}={value}" for name, value in wanted.items())
        found = [pull(rest, one) for one in rest.all(f"{path}/pulls?state=all{query}")]
        found = [one for one in found if states is None or one["state"] in states]
        return {**connection(found[: more.get("first") or 100]), "totalCount": len(found)}

    return {
        "id": body["node_id"],
        "databaseId": body["id"],
        "name": body["name"],
        "nameWithOwner": body["full_name"],
        "owner": actor(body["owner"]),
        "description": body["description"],
        "url": body["html_url"],
        "isPrivate": body["private"],
        "isFork": body["fork"],
        "parent": repository(rest, body["parent"]) if "parent" in body else None,
        "viewerPermission": next((word for name, word in PERMISSIONS if allowed.get(name)), None),
        "hasIssuesEnabled": body["has_issues"],
        "hasWikiEnabled": body["has_wiki"],
        "defaultBranchRef": ref(body["default_branch"]),
        "mergeCommitAllowed": body.get("allow_merge_commit", True),
        "rebaseMergeAllowed": body.get("allow_rebase_merge", True),
        "squashMergeAllowed": body.get("allow_squash_merge", True),
        "deleteBranchOnMerge": body.get("delete_branch_on_merge", False),
        "autoMergeAllowed": False,
        "viewerDefaultMergeMethod": "MERGE",
        "pullRequest": lambda _, number: pull(rest, rest.ask("GET", f"{path}/pulls/{number}")),
        "pullRequests": pulls,
    }


def ref(name: str) -> Node:
    """A branch."""
    return {"name": name, "branchProtectionRule": None}


def pull(rest: Rest, body: Node) -> Node:
    """A pull request; what a list's entry lacks is asked for when it is wanted."""
    path = body["url"].partition("/repos/")[2]
    path, issue = f"/repos/{path}", f"/repos/{path.replace('/pulls/', '/issues/')}"
    known: dict[str, Node] = {}

    def whole(name: str) -> Callable[..., Any]:
        return lambda _: known.setdefault("", rest.ask("GET", path))[name]

    def reviews() -> list[Node]:
        return [review(one) for one in rest.all(f"{path}/reviews")]

    def latest() -> list[Node]:
        return list({one["author"]["login"]: one for one in reviews()}.values())

    def commits() -> list[Node]:
        return [{"commit": commit(rest, path, one["sha"])} for one in rest.all(f"{path}/commits")]

    mergeable = {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}
    merged = body["merged_at"] is not None
    return {
        "id": body["node_id"],
        **{name: body[name] for name in ("number", "title", "locked")},
        "body": body["body"] or "",
        "url": body["html_url"],
        "state": "MERGED" if merged else body["state"].upper(),
        "closed": body["state"] == "closed",
        "isDraft": body["draft"],
        "isCrossRepository": body["head"]["repo"]["id"] != body["base"]["repo"]["id"],
        "maintainerCanModify": whole("maintainer_can_modify"),
        "mergeable": lambda info: mergeable[whole("mergeable")(info)],
        "mergeStateStatus": lambda info: whole("mergeable_state")(info).upper(),
        "reviewDecision": lambda _: _decision(latest()),
        "author": actor(body["user"]),
        "mergedBy": lambda info: actor(whole("merged_by")(info)),
        "additions": whole("additions"),
        "deletions": whole("deletions"),
        "changedFiles": whole("changed_files"),
        **{f"{side}Ref": ref(body[side]["ref"]) for side in ("base", "head")},
        **{f"{side}RefName": body[side]["ref"] for side in ("base", "head")},
        **{f"{side}RefOid": body[side]["sha"] for side in ("base", "head")},
        "headRepository": repository(rest, body["head"]["repo"]),
        "headRepositoryOwner": actor(body["head"]["user"]),
        **{f"{name}At": body[f"{name}_at"] for name in ("created", "updated", "closed", "merged")},
        "mergeCommit": lambda _: commit(rest, path, body["merge_commit_sha"]) if merged else None,
        "potentialMergeCommit": lambda _: commit(rest, path, body["merge_commit_sha"]),
        "autoMergeRequest": None,
        "milestone": None,
        "viewerCanUpdate": True,
        "commits": lazily(
            lambda: [{"commit": commit(rest, path, one["sha"])} for one in rest.all(f"{path}/commits")]
        ),
        "files": lazily(lambda: [{**one, "path": one["filename"]} for one in rest.all(f"{path}/files")]),
        "comments": lazily(lambda: [comment(rest, one) for one in rest.all(f"{issue}/comments")]),
        "reviews": lazily(reviews),
        "latestReviews": lazily(latest),
        "reviewRequests": connection([{"requestedReviewer": actor(user)} for user in body["requested_reviewers"]]),
        "assignees": connection(map(actor, body["assignees"])),
        "labels": connection({**label, "id": label["node_id"]} for label in body["labels"]),
        "projectCards": connection([]),
        "projectItems": connection([]),
        "reactionGroups": [],
    }


def commit(rest: Rest, path: str, sha: str | None) -> Node | None:
    """A commit with what was said of it."""
    if sha is None:
        return None
    place = f"{path.partition('/pulls/')[0]}/commits/{sha}"
    body = rest.ask("GET", place)
    headline, _, rest_of_it = body["commit"]["message"].partition("\n")
    author = body["commit"]["author"]
    return {
        "oid": sha,
        "messageHeadline": headline,
        "messageBody": rest_of_it.strip(),
        "committedDate": body["commit"]["committer"]["date"],
        "authoredDate": author["date"],
        "authors": {"nodes": [{"name": author["name"], "email": author["email"], "user": actor(body["author"])}]},
        "statusCheckRollup": lambda _: _rollup(rest, place),
    }


def comment(rest: Rest, body: Node) -> Node:
    """A comment on it."""
    return {
        "id": body["node_id"],
        "url": body["html_url"],
        "body": body["body"],
        "author": actor(body["user"]),
        "authorAssociation": body["author_association"],
        "createdAt": body["created_at"],
        "includesCreatedEdit": body["created_at"] != body["updated_at"],
        "isMinimized": False,
        "viewerDidAuthor": body["user"]["login"] == rest.call.who.login,
        "reactionGroups": [],
    }


def review(body: Node) -> Node:
    """A review of it."""
    return {
        "id": body["node_id"],
        "url": body["html_url"],
        "body": body["body"],
        "state": body["state"],
        "author": actor(body["user"]),
        "authorAssociation": body["author_association"],
        "submittedAt": body["submitted_at"],
        "commit": {"oid": body["commit_id"]},
        "reactionGroups": [],
    }


def _decision(latest: list[Node]) -> str | None:
    states = {one["state"] for one in latest}
    return next((state for state in ("CHANGES_REQUESTED", "APPROVED") if state in states), None)


def _rollup(rest: Rest, place: str) -> Node | None:
    runs = rest.ask("GET", f"{place}/check-runs?per_page=100")["check_runs"]
    together = rest.ask("GET", f"{place}/status?per_page=100")
    nodes = [
        *(_check_run(one) for one in runs),
        *(
            {
                "__typename": "StatusContext",
                "context": one["context"],
                "state": one["state"].upper(),
                "targetUrl": one["target_url"],
                "description": one["description"],
                "createdAt": one["created_at"],
                "isRequired": lambda _, **more: False,
            }
            for one in together["statuses"]
        ),
    ]
    if not nodes:
        return None
    states = {one.get("conclusion") or one["state"] for one in nodes}
    bad = states & {"FAILURE", "ERROR", "CANCELLED", "TIMED_OUT"}
    good = states <= {"SUCCESS", "NEUTRAL", "SKIPPED"}
    return {"state": "FAILURE" if bad else "SUCCESS" if good else "PENDING", "contexts": lazily(lambda: nodes)}


def _check_run(run: Node) -> Node:
    conclusion = run["conclusion"]
    return {
        "__typename": "CheckRun",
        "name": run["name"],
        "status": run["status"].upper(),
        "state": "PENDING",
        "conclusion": conclusion.upper() if conclusion else None,
        "startedAt": run["started_at"],
        "completedAt": run["completed_at"],
        "detailsUrl": run["details_url"],
        "checkSuite": {"workflowRun": None},
        "isRequired": lambda _, **more: False,
    }
