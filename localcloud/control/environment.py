"""The process environment that makes Pulumi, the AWS SDKs and Render's clients use the cloud on this machine."""

from __future__ import annotations

import os
import shlex

from console import inherited
from localcloud.engine import setup
from localcloud.machine import identity
from localcloud.machine.paths import checkout, local
from localcloud.machine.ports import HOST, port

REGION = "eu-central-1"
# Unset in a shell also where this process does not see them: the lines may be kept, and used in another shell.
USUAL = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN"),
    *("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
    *("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "PULUMI_ACCESS_TOKEN"),
)


def variables() -> dict[str, str]:
    """Every variable by name; all of them are standard names of the tools that read them."""
    who = identity.load()
    folders = [str(folder) for folder in setup.path()]
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
        # The user's profiles may name other endpoints, or be broken.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PULUMI_BACKEND_URL": f"file://{local() / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": who.passphrase,
        "PULUMI_HOME": str(local() / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "SLIPWAY_ROOT": str(checkout()),
        "PATH": os.pathsep.join([*folders, *rest]),
        **inherited.direct(),
        **_user(),
    }


def _user() -> dict[str, str]:
    """For one whom the machine does not know, what Pulumi asks for instead, as the launcher chose it."""
    if inherited.name() is not None:
        return {}
    return {name: os.environ[name] for name in ("USER", "HOME") if name in os.environ} | inherited.user()


def changes() -> dict[str, str | None]:
    """What makes the environment of this process that of the local cloud; None for what must not be in it."""
    return {**dict.fromkeys(inherited.of_other_clouds()), **variables()}


def exports() -> str:
    """The same as shell commands, for `eval`."""
    changed = changes()
    dropped = sorted({*USUAL, *(name for name, value in changed.items() if value is None)})
    kept = [f"export {name}={shlex.quote(value)}" for name, value in changed.items() if value is not None]
    return "\n".join([f"unset {' '.join(dropped)}", *kept])
