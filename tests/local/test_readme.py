"""Every command of the README is run by a test: here, or in the module that the table names."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.support.checkout import ROOT
from tests.support.waiting import eventually
from tests.support.world import Environment, World

SUPPORT = ROOT / "tests" / "support"
COMMAND = re.compile(r"(\./slipway|pulumi|python -m|git|curl|eval|export|aws) \S")
# Run literally below, under the local environment; what it has to print.
HERE = {
    'curl "$(./slipway outputs staging url)/api/health/"': '"status": "ok"',
    "./slipway outputs staging": "cams-staging-db",
    "./slipway up staging --refresh": "cams-staging-db",
    "./slipway preview staging --keep": "nothing would change in staging",
    "./slipway up staging --kept": "cams-staging-db",
    "./slipway blueprint": "render.yaml is up to date",
    "./slipway local engine": "",
    "./slipway local inbox": "the inbox is empty",
    "./slipway local token github --repository example@6154722/cams@1029384756 --environment staging "
    "--ref refs/heads/staging": "eyJ",
    "./slipway preview staging": "nothing would change in staging",
    "./slipway drift staging": "staging is what its files say",
    "./slipway migrations lint": "0 findings",
    "./slipway release list staging": "up sha256:",
    "./slipway release list staging --events": "up sha256:",
    "./slipway release show staging": "cams-staging-worker",
    "./slipway release key staging": "alias/cams-staging-release",
    "./slipway pipeline staging": "cams-staging-deploy",
    "./slipway --help": "bootstrap",
    "./slipway bootstrap": "there     Render project cams",
    "./slipway bootstrap --yes": "there     state bucket cams-state-123456789012",
    "pulumi preview --stack staging --expect-no-changes": "unchanged",
    "pulumi up --stack staging": "",
}
# Run literally by another module, of these tests or of what they stand on.
ELSEWHERE = {
    "./slipway up staging": "world",
    "./slipway up dev": "world",
    "./slipway up staging --recreate cams-staging-db": "test_gone",
    'eval "$(./slipway local env)"': "world",
    "pulumi up --stack dev --yes": "world",
    "pulumi preview --stack prod --save-plan .local/prod.plan": "world",
    "pulumi up --stack prod --plan .local/prod.plan --yes": "world",
    "./slipway preview staging --save .local/staging.plan": "test_plans",
    "./slipway up staging --plan .local/staging.plan": "test_plans",
    "./slipway local reset": "worlds",
    "./slipway local status": "test_restart",
    "./slipway local stop": "test_restart",
    "./slipway local start": "test_restart",
    "pulumi refresh --stack staging --yes": "test_drift",
    "pulumi destroy --stack dev --yes": "test_destroy",
    'git push "$(./slipway local git)" HEAD:develop': "test_branch",
    "./slipway local logs cams-staging --follow": "test_readme",
    "./slipway secret set staging SENTRY_DSN": "test_own_secrets",
    "./slipway maintenance on staging --until 30m": "test_maintenance",
    "./slipway maintenance status staging": "test_maintenance",
    "./slipway maintenance off staging": "test_maintenance",
    "./slipway secret list staging": "test_own_secrets",
    "./slipway secret remove staging SENTRY_DSN": "test_own_secrets",
}
# Not run, and why.
NOT_RUN = {
    "./slipway backup create staging": "tests/contract/ops/backups makes, lists and shows them",
    "./slipway backup list staging": "the same",
    "./slipway backup show staging": "the same",
    "./slipway drill staging": "tests/contract/ops/drills drills a real backup",
    "./slipway drill report staging": "the same",
    "./slipway drill staging --job": "tests/unit/ops/drills follows a job",
    "./slipway backup media staging": "tests/contract/ops/media copies, checks and restores",
    "./slipway backup media staging --check": "the same",
    "./slipway restore media staging": "the same",
    "./slipway restore media staging --into recovered": "the same",
    "./slipway restore db staging": "tests/contract/ops/restores restores them, also in place and back",
    "./slipway restore db staging export.dir.tar.gz": "the same",
    "./slipway restore db staging --in-place --yes --database NAME": "the same",
    "./slipway restore undo staging --yes --database NAME": "the same",
    "./slipway restore confirm staging --yes": "the same",
    "./slipway restore clone prod staging --yes --database NAME": "the same, and test_masks masks what it restored",
    "./slipway companion staging": "watches until it is ended; tests/contract/ops/restores lays dumps down",
    "./slipway companion staging --once": "the same",
    "./slipway backup status staging": "tests/unit/ops/backups asks; here is none yet, which is exit code 1",
    "./slipway backup verify staging": "tests/contract/ops/backups reads one back",
    "./slipway backup prune staging": "the same",
    "./slipway backup key staging recovery.key": "would leave a key here; tests/unit/ops/backups makes one",
    "./slipway test": "it is what runs this test",
    "export RENDER_API_KEY=… RENDER_OWNER_ID=tea-…": "a shell's own; the local environment sets both",
    "aws sso login": "needs an account and a browser",
    "pulumi login s3://cams-state-ACCOUNT": "needs an account: a bucket here is named by an endpoint besides",
    'pulumi stack init staging --secrets-provider "awskms://alias/cams-state?region=eu-central-1"': "the same",
    "./slipway preview staging --save .local/staging.plan": "tests/local/test_plans.py keeps its plans elsewhere",
    "./slipway up staging --plan .local/staging.plan": "the same",
    "./slipway preview staging --keep": "the same",
    "./slipway up staging --kept": "the same",
    "./slipway preview staging --declared --since main": "tests/unit/ops/pipeline compares what two trees say",
    "./slipway previews list": "tests/pipeline/test_previews.py has a preview come, change and go",
    "./slipway previews up 7": "the same",
    "./slipway previews remove 7": "the same",
    "./slipway previews expire": "the same",
    "./slipway previews ask 7": "the same",
    "./slipway previews follow 7": "the same",
    "./slipway release image --sbom .local/sbom.json": "needs an engine; tests/contract/containers has it",
    "./slipway release scan": "asks a database of the net; tests/contract/ops/test_advisories.py has one of its own",
    "./slipway migrations rehearse staging --seeded 5000": "tests/contract/ops/migrations rehearses at made-up rows",
    "./slipway migrations rehearse staging": "tests/local/test_migrations.py has it say more",
    "./slipway release build staging": "tests/local/test_deploy_roles.py builds and promotes as the pipeline's roles",
    "./slipway release promote prod": "the same",
    "./slipway release verify staging": "the same; tests/unit/ops/releases has what is refused",
    "./slipway release diff staging prod": "needs two environments; tests/unit/ops/releases compares them",
    "./slipway release rollback staging": "would leave another release; tests/unit/ops/releases goes back",
    "./slipway release rollback staging --to 3": "the same",
    './slipway lock prod -m "exam until noon"': "tests/local/test_going_back.py locks staging, and unlocks it",
    "./slipway unlock prod": "the same",
    "./slipway local push develop": "tests/contract/github/test_commands.py runs those of the local GitHub",
    "./slipway local pr create --head develop --base staging": "the same",
    "./slipway local pr label 1 preview": "the same",
    "./slipway local pr approve 1": "the same",
    "./slipway local pr merge 1": "the same",
    'eval "$(./slipway local github)"': "the same",
    "./slipway local runs --on": "tests/contract/github/test_runs.py has runs started, followed and ended",
    "./slipway local runs --follow": "the same",
    "./slipway local runs 7 --approve --as grace": "the same, and tests/pipeline/test_runs.py those of the pipeline",
    "./slipway local runs 7 --cancel": "tests/pipeline/test_runs.py",
    "./slipway local runs 7 --rerun": "the same",
    "./slipway local runs --start drift.yml --branch staging": "the same",
    "./slipway promotions": "needs a repository at GitHub; tests/unit/ops/pipeline has its own",
    "./slipway comment 7": "the same",
    "./slipway local clock +30d": "ages what other tests use; tests/contract/render/test_clock.py moves a clock so",
    "python -m bench.aws_truth": "tests/contract/aws/test_truth.py makes its calls",
    "python -m bench.isolation": "tests/local/test_isolation_table.py is its short form",
    "python -m bench.up": "measures for minutes; bench/ is checked by lint and types",
    "python -m bench.aws_calls": "the same",
    "python -m bench.backup": "the same; tests/contract/ops/backups makes real backups",
    "python -m bench.backup.restore": "the same; tests/contract/ops/restores restores real ones",
    "python -m bench.faults_backup": "the same; tests/contract/ops/backups/test_faults.py is its short form",
    "python -m bench.drill": "the same; tests/contract/ops/drills drills a real backup",
    "python -m bench.broken": "the same; tests/local/test_release.py has the kinds that are told apart",
    "python -m bench.image": "the same; tests/contract/containers builds and runs the same image",
    "python -m bench.deploy": "the same; tests/local/test_release.py counts requests through a release",
    "python -m bench.preview": "the same",
    "python -m bench.memory": "the same",
    "python -m bench.plugin_stops": "the same; tests/contract/plugins/test_stops.py is its short form",
    "python -m bench.noop_ups": "the same; tests/local/faults/test_endless_up.py is its short form",
}
# Named in a sentence, not told to be run.
MENTIONED = {"pulumi up", "pulumi destroy", "pulumi config set"}


def commands(readme: str) -> set[str]:
    """The lines of its shell blocks, and what is in backticks and looks like a command."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    prose = re.sub(r"^```.*?^```", "", readme, flags=re.MULTILINE | re.DOTALL)
    return {*lines, *(span for span in re.findall(r"`([^`]+)`", prose) if COMMAND.match(span))} - MENTIONED


def texts(module: str) -> list[str]:
    """Every text in a module of these tests or of what they stand on, docstrings and comments apart."""
    beside = Path(__file__).with_name(f"{module}.py")
    tree = ast.parse((beside if beside.exists() else SUPPORT / beside.name).read_text())
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
    return [line for node in constants if isinstance(node.value, str) for line in node.value.splitlines()]


def test_every_command_of_the_readme_is_run() -> None:
    """A command that is new in the README needs its line in a table here, and one that is gone loses it."""
    assert commands((ROOT / "README.md").read_text()) == {*HERE, *ELSEWHERE, *NOT_RUN}


@pytest.mark.parametrize(("command", "module"), [one for one in ELSEWHERE.items() if one[1] != "test_readme"])
def test_the_module_that_the_table_names_has_the_command(command: str, module: str) -> None:
    """The command is there word for word."""
    assert command in texts(module)


def test_a_command_in_a_block_or_in_backticks_is_found() -> None:
    """Blocks of shell, tables and prose; other blocks and names are no commands."""
    readme = "a `./slipway x` | `pulumi y --z` | `infra/`\n```sh\ncurl q\n```\n```\n./slipway picture\n```\n"

    assert commands(readme) == {"./slipway x", "pulumi y --z", "curl q"}


@pytest.mark.parametrize("command", [one for one in HERE if one != "pulumi up --stack staging"])
def test_a_command_of_the_readme_works(world: World, staging: Environment, command: str) -> None:
    """It exits 0, and prints what the README says that it is for."""
    done = world.bare(command)

    assert HERE[command] in done.output


def test_up_asks_before_it_does_anything(world: World, staging: Environment) -> None:
    """`pulumi up --stack staging` as the README has it waits for an answer; where nobody can give one it refuses."""
    done = world.bare("pulumi up --stack staging", check=False)

    assert done.returncode != 0
    assert "--yes" in done.stderr


def test_logs_can_be_followed(world: World, staging: Environment) -> None:
    """`--follow` shows a line that was written after it began."""
    with subprocess.Popen(
        ["bash", "-c", "exec ./slipway local logs cams-staging --follow"],
        cwd=world.checkout.folder,
        env=world.checkout.environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as following:
        output = following.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)
        seen = b""

        def followed() -> bool:
            nonlocal seen
            requests.get(f"{staging.url}/api/health/?followed=yes", timeout=30)
            seen += output.read() or b""
            return seen.count(b"followed=yes") >= 2

        try:
            eventually(followed, "a request is shown")
        finally:
            os.killpg(following.pid, signal.SIGINT)  # Ctrl-C in a terminal reaches the whole group
