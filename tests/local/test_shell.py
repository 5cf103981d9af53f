"""What a shell has set for other things: neither does it stop the local cloud, nor is it touched by it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.checkout import run
from tests.support.world import Environment, World

NOWHERE = "http://127.0.0.1:9"
SHELL = {
    **dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY", "grpc_proxy"), NOWHERE),
    "no_proxy": "intern.example",
    "AWS_PROFILE": "work",
    "AWS_SESSION_TOKEN": "x",
    "AWS_CA_BUNDLE": "/nonexistent",
    "AWS_ENDPOINT_URL_S3": NOWHERE,
    "AWS_RETRY_MODE": "silly",
    "PULUMI_STACK": "prod",
    "PULUMI_CONFIG_PASSPHRASE_FILE": "/nonexistent",
    "PULUMI_DEBUG_PROVIDERS": "aws:9",
    "PULUMI_OPTION_CWD": "/nonexistent",
    "PGHOSTADDR": "127.0.0.9",
    "PGSSLMODE": "require",
    "PGSERVICE": "work",
    "DATABASE_URL": "postgresql://127.0.0.9/x",
    "DJANGO_SETTINGS_MODULE": "work.settings",
    "PYTHONHOME": "/nonexistent",
    "PYTHONWARNINGS": "error",
    "UV_PROJECT": "/nonexistent",
}


def test_up_from_a_hook_in_a_shell_made_for_other_things(world: World, staging: Environment, tmp_path: Path) -> None:
    """Behind proxies, with a profile that is not there and a database elsewhere: all starts, nothing changes."""
    theirs = tmp_path / "theirs"
    git = {"GIT_DIR": str(theirs / ".git"), "GIT_WORK_TREE": str(theirs), "GIT_CEILING_DIRECTORIES": "/"}
    run(["git", "init", "--quiet", str(theirs)], tmp_path, dict(os.environ), check=True)
    before = sorted(path.name for path in theirs.rglob("*"))
    world.checkout.run("./slipway", "local", "stop", check=True)

    up = world.checkout.run("./slipway", "up", "staging", environment=SHELL | git)
    status = world.checkout.run("./slipway", "local", "status", environment=SHELL | git)
    preview = world.checkout.run(
        "bash",
        "-c",
        'eval "$(./slipway local env)" && pulumi preview --stack staging --expect-no-changes'
        ' && curl --silent --show-error "$(./slipway outputs staging url)/api/health/"',
        environment=SHELL | git,
    )

    assert (up.returncode, up.stderr.count("unchanged")) == (0, 1), up.stderr
    assert "cams-staging  " in status.stdout
    assert preview.returncode == 0, preview.output
    assert '"status": "ok"' in preview.stdout
    assert sorted(path.name for path in theirs.rglob("*")) == before
