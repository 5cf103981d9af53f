"""Who acts in an environment's AWS account: the pipeline, and the running services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pulumi
from pulumi_aws import iam

from infra import permissions, trust
from infra.config import Stack
from infra.names import role_arn

Policy = Callable[[Stack, str], str]
# Of the application: any of its services may be any of these.
SERVICES: dict[str, Policy] = {"media": permissions.use_media}
# Of the jobs that keep its data: each is taken by the jobs that are it, and by nothing else.
JOBS: dict[str, Policy] = {"backup": permissions.back_up, "restore": permissions.restore}


class Identity(pulumi.ComponentResource):
    """The pipeline's role, and for each task of the services a role (`oidc`) or a user with a key (`access_key`)."""

    arns: dict[str, pulumi.Input[str]]
    access_keys: dict[str, iam.AccessKey]

    def __init__(
        self,
        name: str,
        stack: Stack,
        *,
        owner_id: str,
        environment_id: pulumi.Input[str],
        key_arn: pulumi.Output[str],
    ) -> None:
        super().__init__(stack.names.component("Identity"), name)
        self._name, self._stack, self._key_arn = name, stack, key_arn
        self._owner_id, self._environment_id = owner_id, environment_id
        self.access_keys = {}

        self.arns = {"deploy": self._role("deploy", trust.github(stack), permissions.deploy)}
        if stack.identity == "oidc":
            trusted = pulumi.Output.from_input(environment_id).apply(
                lambda environment: trust.render(stack, owner_id, environment)
            )
            self.arns |= {who: self._role(who, trusted, policy) for who, policy in SERVICES.items()}
            # Made when the jobs are: known by their names before.
            self.arns |= {who: role_arn(stack.aws.account, stack.names.identity(who)) for who in JOBS}
        else:
            self.arns |= {who: self._user(who, policy) for who, policy in {**SERVICES, **JOBS}.items()}

        self.register_outputs({"arns": self.arns})

    def kind(self, who: str) -> str:
        """`role` or `user`."""
        return "user" if who in self.access_keys else "role"

    def variables(self, who: str) -> dict[str, pulumi.Input[str]]:
        """What AWS's SDKs look for in the environment of a service that acts as that identity."""
        if key := self.access_keys.get(who):
            return {"AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret}
        return {"AWS_ROLE_ARN": self.arns[who]}

    def trust(self, jobs: Mapping[str, Sequence[pulumi.Output[str]]]) -> list[iam.Role]:
        """Let those services, by their ids, take the roles of jobs; users have keys, and are there already."""
        if self.access_keys:
            return []
        return [self._job_role(who, policy, jobs[who]) for who, policy in JOBS.items()]

    def _job_role(self, who: str, policy: Policy, services: Sequence[pulumi.Output[str]]) -> iam.Role:
        trusted = pulumi.Output.all(self._environment_id, *services).apply(
            lambda ids: trust.render_services(self._stack, self._owner_id, ids[0], ids[1:])
        )
        return self._made(who, trusted, policy)

    def _role(self, who: str, trusted: pulumi.Input[str], policy: Policy) -> pulumi.Output[str]:
        return self._made(who, trusted, policy).arn

    def _made(self, who: str, trusted: pulumi.Input[str], policy: Policy) -> iam.Role:
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(
            f"{self._name}-{who}",
            name=self._stack.names.identity(who),
            assume_role_policy=trusted,
            max_session_duration=3600,
            tags=self._stack.names.tags,
            opts=child,
        )
        iam.RolePolicy(f"{self._name}-{who}", name=who, role=role.name, policy=self._document(policy), opts=child)
        return role

    def _user(self, who: str, policy: Policy) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        user = iam.User(
            f"{self._name}-{who}",
            name=self._stack.names.identity(who),
            tags=self._stack.names.tags,
            opts=child,
        )
        iam.UserPolicy(f"{self._name}-{who}", name=who, user=user.name, policy=self._document(policy), opts=child)
        self.access_keys[who] = iam.AccessKey(f"{self._name}-{who}", user=user.name, opts=child)
        return user.arn

    def _document(self, policy: Policy) -> pulumi.Output[str]:
        return self._key_arn.apply(lambda key_arn: policy(self._stack, key_arn))
