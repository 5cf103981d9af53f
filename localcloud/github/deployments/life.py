"""How a deployment is asked for, and what its steps do to those before it."""

from __future__ import annotations

from localcloud.github.api.errors import ApiError
from localcloud.github.commits.routes import commit_of
from localcloud.github.deployments.bodies import DeploymentPost, StatusPost, deployment_body, status_body
from localcloud.github.deployments.model import Deployment, DeploymentStatus, is_active
from localcloud.github.environments.model import Environment, environment_id, environment_of
from localcloud.github.events import Event
from localcloud.github.git.repository import is_ancestor, resolve
from localcloud.github.protection.rules import results
from localcloud.github.repositories.bodies import repository_body
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, now
from localcloud.github.users.bodies import user_named


def create(github: GitHub, repository: Repository, want: DeploymentPost, actor: str, *, by_job: bool) -> Deployment:
    """A deployment of a ref; 409 where the commit is not ready for it."""
    sha = commit_of(repository, want.ref)
    if sha is None:
        raise ApiError(422, f"No ref found for: {want.ref}")
    _check(github, repository, want, sha)
    number, moment = github.number("deployment"), now()
    made = github.store.put(
        Deployment(
            id=str(number),
            repository=repository.id,
            number=number,
            sha=sha,
            ref=want.ref,
            task=want.task,
            environment=want.environment,
            description=want.description,
            payload=want.payload,
            transient_environment=want.transient_environment,
            production_environment=_production(want),
            creator=actor,
            created_at=moment,
            updated_at=moment,
        )
    )
    have_environment(github, repository, want.environment)
    _tell(github, repository, made, actor, None, by_job=by_job)
    return made


def add_status(
    github: GitHub, deployment: Deployment, want: StatusPost, actor: str, *, by_job: bool
) -> DeploymentStatus:
    """One step more; success makes those inactive that were there before, if they are not transient."""
    if want.state == "success" and want.auto_inactive and not deployment.transient_environment:
        for other in github.store.all(Deployment, lambda one: one.repository == deployment.repository):
            same = other.environment == (want.environment or deployment.environment) and other.id != deployment.id
            if same and not other.transient_environment and is_active(github, other):
                _put(github, other, StatusPost(state="inactive"), actor)
    made = _put(github, deployment, want, actor)
    repository = github.store.find(Repository, deployment.repository)
    _tell(github, repository, deployment, actor, made, by_job=by_job)
    return made


def have_environment(github: GitHub, repository: Repository, name: str) -> Environment:
    """The environment of that name: one that is deployed to is made, without rules."""
    moment = now()
    return environment_of(github, repository, name) or github.store.put(
        Environment(
            id=environment_id(repository, name),
            repository=repository.id,
            name=name,
            number=github.number("environment"),
            created_at=moment,
            updated_at=moment,
        )
    )


def _check(github: GitHub, repository: Repository, want: DeploymentPost, sha: str) -> None:
    base = resolve(f"{repository.heads}{repository.default_branch}")
    is_branch = resolve(f"{repository.heads}{want.ref}") is not None
    if want.auto_merge and is_branch and base and not is_ancestor(base, sha):
        why = f"auto_merge of {repository.default_branch} into {want.ref} is not built on the GitHub of this machine"
        raise ApiError(501, f"{why}: say false")
    said = results(github, repository, sha)
    wanted = list(said) if want.required_contexts is None else want.required_contexts
    failed = [name for name in wanted if said.get(name) != "success"]
    if failed:
        contexts = [{"context": name, "state": said.get(name, "pending")} for name in failed]
        problem = {"contexts": contexts, "resource": "Deployment", "field": "required_contexts", "code": "invalid"}
        raise ApiError(409, f"Conflict: Commit status checks failed for {want.ref}.", [problem])


def _production(want: DeploymentPost) -> bool:
    said = want.production_environment
    return want.environment == "production" if said is None else said


def _put(github: GitHub, deployment: Deployment, want: StatusPost, actor: str) -> DeploymentStatus:
    number, moment = github.number("deployment status"), now()
    github.store.change(deployment, updated_at=moment)
    return github.store.put(
        DeploymentStatus(
            id=str(number),
            deployment=deployment.id,
            number=number,
            state=want.state,
            creator=actor,
            description=want.description,
            environment=want.environment or deployment.environment,
            log_url=want.log_url or want.target_url,
            environment_url=want.environment_url,
            created_at=moment,
        )
    )


def _tell(
    github: GitHub,
    repository: Repository,
    deployment: Deployment,
    actor: str,
    status: DeploymentStatus | None,
    *,
    by_job: bool,
) -> None:
    told = {"deployment_status": status_body(github, deployment, status)} if status else {}
    is_branch = resolve(f"{repository.heads}{deployment.ref}") is not None
    github.events.emit(
        Event(
            name="deployment_status" if status else "deployment",
            action="created",
            repository=repository.full_name,
            ref=f"refs/heads/{deployment.ref}" if is_branch else deployment.ref,
            sha=deployment.sha,
            actor=actor,
            by_job=by_job,
            payload={
                "action": "created",
                "deployment": deployment_body(github, deployment),
                **told,
                "repository": repository_body(github, repository),
                "sender": user_named(github, actor),
            },
        )
    )
