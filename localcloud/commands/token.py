"""`local token`: what a workflow's job shows to AWS, for trying it by hand."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from console.output import Output
from localcloud.control import daemons


class Subject(StrEnum):
    """How a repository writes the subjects of its tokens."""

    NAMES = "names"
    IDS = "ids"


class Issuer(StrEnum):
    """Whose tokens there are to ask for; Render puts its own into a file of each service."""

    GITHUB = "github"


def token(
    issuer: Annotated[Issuer, typer.Argument(help="Whose token.")],
    repository: Annotated[str, typer.Option(help="Owner and repository with their ids: example@1/app@2.")],
    ref: Annotated[str, typer.Option(help="The branch or tag, or refs/pull/NUMBER/merge.")] = "refs/heads/main",
    environment: Annotated[str | None, typer.Option(help="The environment that the job names.")] = None,
    event: Annotated[str, typer.Option(help="What has started the workflow.")] = "push",
    subject: Annotated[
        Subject, typer.Option(help="How the repository writes subjects: ids since 2026-07-15.")
    ] = Subject.NAMES,
    audience: Annotated[str, typer.Option(help="For whom the token is.")] = "sts.amazonaws.com",
    as_variables: Annotated[
        bool, typer.Option("--variables", help="Print what the runner gives to a job, to ask with.")
    ] = False,
) -> None:
    """Print a token of GitHub's issuer, as a workflow's job gets it."""
    from localcloud.control import workflow
    from localcloud.github import tokens

    output = Output()
    job = workflow.job(repository, ref=ref, environment=environment, event_name=event, subjects=subject.value)
    daemons.start(output.say, [issuer.value])
    asking = tokens.variables(job)
    if as_variables:
        for name, value in asking.items():
            output.line(f"export {name}='{value}'")
    else:
        output.line(workflow.ask(asking, audience))
