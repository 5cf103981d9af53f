"""The process environment that makes Pulumi, the AWS SDKs and Render's clients use the cloud on this machine."""

from __future__ import annotations

import os
import shlex

from localcloud import identity
from localcloud.engine import home
from localcloud.paths import checkout, local
from localcloud.ports import HOST, port

REGION = "eu-central-1"


def variables() -> dict[str, str]:
    """Every variable by name; all of them are standard names of the tools that read them."""
    who = identity.load()
    folders = [str(folder) for folder in home.path()]
    rest = [part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part not in folders]
    return {
        "RENDER_HOST": f"http://{HOST}:{port('render')}/v1",
        "RENDER_API_KEY": who.render_api_key,
        "RENDER_OWNER_ID": who.render_owner_id,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port('aws')}",
        "AWS_ACCESS_KEY_ID": who.aws_access_key_id,
        "AWS_SECRET_ACCESS_KEY": who.aws_secret_access_key,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PULUMI_BACKEND_URL": f"file://{local() / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": who.passphrase,
        "PULUMI_HOME": str(local() / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "SLIPWAY_ROOT": str(checkout()),
        "PATH": os.pathsep.join([*folders, *rest]),
    }


def exports() -> str:
    """The same as shell commands, for `eval`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables().items())
