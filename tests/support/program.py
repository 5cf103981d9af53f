"""The whole program, run without any cloud: `declare` says what it would ask the engine for."""

from __future__ import annotations

import asyncio
import base64
import json
import warnings
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockEngine, MockMonitor, MockSettings
from pulumi.runtime.settings import SETTINGS, configure, set_root_resource
from pulumi.runtime.stack import run_in_stack

from infra.config import Environment, Stack
from infra.names import EnvironmentNames

ACCOUNT = "123456789012"
OWNER = "tea-c0ffee00000000000000"
DIGEST = "sha256:" + "d1" * 32
OPS_DIGEST = "sha256:" + "0b" * 32
KEY = bytes(range(32))
REGISTRY = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com"


@dataclass(frozen=True)
class Declared:
    """One resource the program asked the engine for."""

    type: str
    name: str
    inputs: dict[str, Any]
    secret_inputs: frozenset[str]
    parent: str
    protect: bool
    retain: bool
    after: frozenset[str]  # `type::name`
    replaced_with: frozenset[str]  # the same


@dataclass
class Program:
    """What one run of the program declared and exported."""

    resources: list[Declared] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)  # what it calls before: functions with their arguments
    outputs: dict[str, Any] = field(default_factory=dict)
    secret_outputs: frozenset[str] = frozenset()

    def all(self, kind: str) -> list[Declared]:
        """Every resource of a kind: `Bucket`, or `s3/bucket:Bucket` where two kinds share the name."""
        return [found for found in self.resources if f":{found.type}".endswith(f":{kind}")]

    def one(self, kind: str, name: str | None = None) -> Declared:
        """The resource of that kind, of which there is exactly one (of that name)."""
        [found] = [found for found in self.all(kind) if name in (None, found.name)]
        return found

    def policy(self, kind: str, name: str | None = None) -> dict[str, Any]:
        """Its policy's statements, by their names."""
        inputs = self.one(kind, name).inputs
        document = json.loads(inputs.get("policy") or inputs["assumeRolePolicy"])
        return {statement["Sid"]: statement for statement in document["Statement"]}


Programs = dict[Environment, Program]
Declare = Callable[..., Program]


class CloudMocks(pulumi.runtime.Mocks):
    """A cloud that gives back what it was given, with the addresses that real ones add."""

    def __init__(
        self, release: Mapping[str, Any] | None, account: str, lost: Collection[str], vault: Mapping[str, str]
    ) -> None:
        self.release, self.account, self.lost, self.vault = release, account, lost, vault

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        name = args.inputs.get("name", args.name)
        made: dict[str, dict[str, Any]] = {
            "aws:kms/key:Key": {"arn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1", "keyId": "1"},
            "aws:ecr/repository:Repository": {"repositoryUrl": f"{REGISTRY}/{name}", "registryId": ACCOUNT},
            "aws:iam/role:Role": {"arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"},
            "aws:iam/user:User": {"arn": f"arn:aws:iam::{ACCOUNT}:user/{name}"},
            "aws:iam/accessKey:AccessKey": {"secret": f"{args.name}-secret-key"},
            "aws:sns/topic:Topic": {"arn": f"arn:aws:sns:eu-central-1:{ACCOUNT}:{name}"},
            "random:index/randomPassword:RandomPassword": {"result": f"generated {args.name}"},
            "random:index/randomBytes:RandomBytes": {"base64": base64.b64encode(KEY).decode(), "hex": KEY.hex()},
            "registry:index:Image": {"digest": OPS_DIGEST if args.name == "ops-image" else DIGEST},
            "render:index:Postgres": {"internalConnectionString": f"postgresql://{name}"},
            "render:index:KeyValue": {"internalConnectionString": f"redis://{name}"},
            # As when somebody else has the name already: nobody can guess the address.
            "render:index:WebService": {"url": f"https://{name}-x7f2.onrender.com", "slug": f"{name}-x7f2"},
            "render:index:StaticSite": {"url": f"https://{name}-x7f2.onrender.com", "slug": f"{name}-x7f2"},
        }
        added = made.get(args.typ, {})
        if args.typ.startswith("render:") and "revision" not in args.inputs:
            added = {**added, "revision": f"{name} as declared"}
        return f"{args.name}-id", {**args.inputs, **added}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        answers: dict[str, Callable[[], Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": lambda: {"accountId": self.account},
            "aws:ssm/getParametersByPath:getParametersByPath": lambda: self._parameters(args.args["path"]),
            "registry:index:getImage": lambda: {
                "found": args.args["digest"] not in self.lost,
                "url": f"{REGISTRY}/{args.args['repository']}",
            },
            "aws:secretsmanager/getSecretVersion:getSecretVersion": lambda: self._secret(args.args["secretId"]),
            "render:index:getProject": lambda: {"id": "prj-1", "name": args.args["name"], "environmentIds": []},
        }
        return answers[args.token]()

    def _secret(self, secret: str) -> Any:
        if secret not in self.vault:
            return {}, [("", f"reading Secrets Manager Secret Version ({secret}|AWSCURRENT): couldn't find resource")]
        return {"secretString": self.vault[secret], "versionId": f"version of {self.vault[secret]}"}

    def _parameters(self, path: str) -> dict[str, Any]:
        if self.release is None:
            return {"names": [], "values": []}
        return {"names": [f"{path}/release"], "values": [json.dumps(self.release)]}


class Recorder(MockMonitor):
    """Keeps what Mocks cannot see: parents, protection, order and what was marked secret."""

    def __init__(self, mocks: CloudMocks, program: Program | None = None) -> None:
        super().__init__(mocks)
        self.program = Program() if program is None else program

    def Invoke(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        self.program.asked.append((request.tok, rpc.deserialize_properties(request.args)))
        return super().Invoke(request)  # type: ignore[no-untyped-call] # Pulumi's

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        if request.type != "pulumi:pulumi:Stack":
            self.program.resources.append(
                Declared(
                    request.type,
                    request.name,
                    _plain(rpc.deserialize_properties(request.object)),
                    _secrets(request.object),
                    request.parent.rpartition("::")[2],
                    request.protect,
                    request.retainOnDelete,
                    frozenset(_place(urn) for urn in request.dependencies),
                    frozenset(_place(urn) for urn in request.replace_with),
                )
            )
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi's
        for hidden in request.additionalSecretOutputs:  # as the engine does
            if hidden in answer.object.fields and not _is_secret(answer.object[hidden]):
                value = MessageToDict(answer.object)[hidden]
                answer.object.update({hidden: {rpc._special_sig_key: rpc._special_secret_sig, "value": value}})
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        if "::pulumi:pulumi:Stack::" in request.urn:  # not a component's, whose type starts with it
            self.program.outputs = _plain(rpc.deserialize_properties(request.outputs))
            self.program.secret_outputs = _secrets(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # Pulumi's


def _place(urn: str) -> str:
    """`type::name`, without the stack and the types above it."""
    types, _, name = urn.rpartition("::")
    return f"{types.rpartition('::')[2].rpartition('$')[2]}::{name}"


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and rpc._special_sig_key in value


def _plain(value: Any) -> Any:
    """The value itself, out of the wrapper that marks it secret."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _secrets(properties: Any) -> frozenset[str]:
    """The paths of the properties that are marked secret."""

    def walk(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            if rpc._special_sig_key in value:
                yield path
                return
            for key, item in value.items():
                yield from walk(item, f"{path}.{key}".lstrip("."))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield from walk(item, f"{path}[{number}]")

    return frozenset(walk(MessageToDict(properties), ""))


def run(
    stack: Stack,
    release: Mapping[str, Any] | None = None,
    account: str = ACCOUNT,
    vault: Mapping[str, str] | None = None,
    *,
    lost: Collection[str] = (),
    into: Program | None = None,
) -> Program:
    """Run the whole program once; nothing of it reaches any cloud.

    `lost`: digests that the registry lacks. Unless it is said, the vault lacks nothing.
    """
    from infra import lookups
    from infra.stack import deploy

    if vault is None:
        vault = {stack.names.own_secret(name): f"{name} as set" for name in stack.kept_secrets}

    async def program() -> None:
        await deploy(stack, await lookups.with_secrets(stack, await lookups.ask(stack.names)))

    recorder = Recorder(CloudMocks(release, account, lost, vault), into)
    return carry_out(program, recorder, stack.names)


def carry_out(program: Callable[[], Awaitable[None]], recorder: Recorder, names: EnvironmentNames) -> Program:
    """Have that declare a stack of this name."""
    configure(
        MockSettings(  # type: ignore[no-untyped-call] # Pulumi's
            monitor=recorder,
            engine=MockEngine(None),
            project=names.project,
            stack=names.environment,
            dry_run=False,
        )
    )
    set_root_resource(None)  # type: ignore[arg-type] # forget the stack of the run before
    SETTINGS.outputs.clear()  # what a run that was refused left waiting
    pulumi.runtime.set_config("render:ownerId", OWNER)
    with warnings.catch_warnings():
        # The package warns of its own old names while it loads.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="pulumi_aws")
        asyncio.run(run_in_stack(program))
    return recorder.program
