"""Runs the program of the tree that it is started in, without any cloud, and writes down what it declares.

It is started as a file, so that what it imports of ours is that tree's, of whichever revision. What clouds would
answer is made up, the same for every revision: what differs between two of them is what was written differently.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import sys
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockEngine, MockMonitor, MockSettings
from pulumi.runtime.settings import configure
from pulumi.runtime.stack import run_in_stack

DIGEST = "sha256:" + "0" * 64
OWNER = "tea-preview"
UNKNOWN = "…"
# How the SDK marks a value on its way to the engine. https://www.pulumi.com/docs/iac/using-pulumi/extending-pulumi
SIGNATURE = "4dabf18193072939515e22adb298388d"
WRAPPERS = ("1b47061264138c4ac30d75fd1eb44270", "d0e6a833031e9bbcd3f4e8bde6ca49a4")  # a secret, an output
# What a running release takes up with its next deploy alone: it makes the output `revision` of what has it.
RELEASED = ("envVars", "secretFiles", "repo", "branch", "rootDir", "buildCommand", "publishPath", "healthCheckPath",
            "registry", "username", "authToken")  # fmt: skip
ADDRESSES = {
    "aws:ecr/repository:Repository": ("repositoryUrl", "registryId"),
    "aws:iam/accessKey:AccessKey": ("secret",),
    "aws:kms/key:Key": ("arn", "keyId"),
    "random:index/randomBytes:RandomBytes": ("base64",),
    "random:index/randomPassword:RandomPassword": ("result",),
    "registry:index:Image": ("digest",),
    "render:index:KeyValue": ("internalConnectionString",),
    "render:index:Postgres": ("internalConnectionString",),
    "render:index:StaticSite": ("url", "slug"),
    "render:index:WebService": ("url", "slug"),
}
"""Outputs that others are given, and that differ where a resource is made anew."""
ARNS = ("iam/role:Role", "iam/user:User", "sns/topic:Topic")


class Cloud(pulumi.runtime.Mocks):
    """One that has what is declared; `anew` are the addresses of what is made a second time."""

    def __init__(self, account: str, anew: Collection[str]) -> None:
        self._account, self._anew = account, anew

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        seed = f"{args.name}-anew" if f"{args.typ}::{args.name}" in self._anew else args.name
        outputs = {name: f"{name} of {seed}" for name in ADDRESSES.get(args.typ, ())}
        if "url" in outputs:
            outputs["url"] = f"https://{seed}.invalid"
        if "base64" in outputs:
            outputs["base64"] = base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()
        if args.typ.endswith(ARNS):
            outputs["arn"] = f"arn of {args.inputs.get('name', args.name)}"
        if args.typ.startswith("render:"):
            released = {name: args.inputs.get(name) for name in RELEASED}
            told = json.dumps(released, sort_keys=True, default=str)
            outputs["revision"] = hashlib.sha256(f"{seed} {told}".encode()).hexdigest()
        return f"id of {seed}", {**args.inputs, **outputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        answers: dict[str, Mapping[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": self._account},
            "aws:ssm/getParametersByPath:getParametersByPath": {
                "names": [f"{args.args.get('path')}/release"],
                "values": [json.dumps({"digest": DIGEST})],
            },
            "aws:secretsmanager/getSecretVersion:getSecretVersion": {"secretString": "made up", "versionId": "1"},
            "registry:index:getImage": {"found": True, "url": "registry"},
            "render:index:getProject": {"id": "prj-preview", "name": args.args.get("name"), "environmentIds": []},
        }
        return dict(answers[args.token])


class Recorder(MockMonitor):
    """Keeps what is declared."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        super().__init__(cloud)
        self._region = region
        self.declared: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        if request.custom:
            inputs = {name: plain(value) for name, value in MessageToDict(request.object).items()}
            if request.type.startswith("aws:") and not request.type.startswith("aws:iam/"):
                inputs.setdefault("region", self._region)  # the plugin's own setting, until a resource says another
            self.declared.append(
                {
                    "kind": request.type,
                    "name": request.name,
                    "inputs": inputs,
                    "protected": request.protect,
                    "kept": request.retainOnDelete,
                }
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi's


def plain(value: Any) -> Any:
    """The value itself, out of what marks it secret, or as an output that may not be known yet."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return UNKNOWN if value == rpc.UNKNOWN else value
    if value.get(SIGNATURE) in WRAPPERS:
        return plain(value["value"]) if "value" in value else UNKNOWN
    return {name: plain(item) for name, item in value.items() if name != SIGNATURE}


def declared(environment: str, anew: Collection[str]) -> list[dict[str, Any]]:
    """Everything that the program of this tree declares for one environment."""
    from infra import program, stack_yaml
    from infra.application import APPLICATION

    settings, _ = stack_yaml.passed(Path(f"Pulumi.{environment}.yaml").read_bytes(), APPLICATION.names)
    os.environ["PULUMI_CONFIG"] = json.dumps(settings)
    accounts = json.loads(settings.get("aws:allowedAccountIds") or "[]")
    recorder = Recorder(Cloud(str(accounts[0]) if accounts else "", anew), settings.get("aws:region", ""))
    configure(
        MockSettings(  # type: ignore[no-untyped-call] # Pulumi's
            monitor=recorder,
            engine=MockEngine(None),
            project=APPLICATION.name,
            stack=environment,
            dry_run=True,
        )
    )
    pulumi.runtime.set_all_config({**settings, "render:ownerId": OWNER})
    with warnings.catch_warnings():
        # The package warns of its own old names while it loads.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="pulumi_aws")
        asyncio.run(run_in_stack(program.main))
    return recorder.declared


if __name__ == "__main__":
    if not Path("infra", "program.py").exists():  # the one that is installed here would be taken
        sys.exit("this tree has no program: there is no infra/program.py")
    sys.path.insert(0, str(Path.cwd()))
    asked = json.load(sys.stdin)
    found = declared(asked["environment"], asked["anew"])
    Path(asked["answer"]).write_text(json.dumps(found))
