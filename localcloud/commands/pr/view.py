"""`local pr view`: all of one pull request."""

from __future__ import annotations

import re

from console.output import Output, counted
from localcloud.commands.pr.options import Json, Number

MARK = re.compile(r"<!--.*?-->\n?", re.DOTALL)  # what a page of GitHub does not show


def view(number: Number, as_json: Json = False) -> None:
    """Show a pull request with its reviews, checks and comments."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    there = LocalGitHub(output.say)
    one = there.of_repository("GET", f"/pulls/{number}")
    reviews = there.of_repository("GET", f"/pulls/{number}/reviews")
    place = f"/commits/{one['head']['sha']}"
    checks = there.of_repository("GET", f"{place}/check-runs?per_page=100")["check_runs"]
    statuses = there.of_repository("GET", f"{place}/status?per_page=100")["statuses"]
    comments = there.of_repository("GET", f"/issues/{number}/comments?per_page=100")
    if as_json:
        output.json(
            {**one, "reviews": reviews, "check_runs": checks, "statuses": statuses, "issue_comments": comments}
        )
        return
    size = f"{counted(one['commits'], 'commit')}, {counted(one['changed_files'], 'file')}"
    merging = "merged" if one["merged"] else f"{one['state']}, {one['mergeable_state']}"
    output.values(
        {
            "title": one["title"],
            "branches": f"{one['head']['label']} → {one['base']['ref']}",
            "state": merging,
            "by": one["user"]["login"],
            "changes": f"{size}, +{one['additions']} -{one['deletions']}",
            "head": one["head"]["sha"],
            **({"merged as": one["merge_commit_sha"]} if one["merged"] else {}),
        }
    )
    results = [(run["name"], run["conclusion"] or run["status"]) for run in checks]
    results += [(status["context"], status["state"]) for status in statuses]
    results += [(review["user"]["login"], review["state"].lower().replace("_", " ")) for review in reviews]
    if results:
        output.line()
        output.table(("check or reviewer", "says"), results)
    for text in filter(None, [one["body"], *(f"{each['user']['login']}: {each['body']}" for each in comments)]):
        output.line()
        for line in MARK.sub("", text).splitlines():
            output.line(line, hang=0 if line.startswith("|") else 2)
