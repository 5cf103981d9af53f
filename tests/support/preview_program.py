"""The program for the preview of a pull request, run without any cloud."""

from __future__ import annotations

from infra.preview import Preview
from tests.support.program import ACCOUNT, CloudMocks, Program, Recorder, carry_out


def run_preview(preview: Preview, account: str = ACCOUNT) -> Program:
    """What it asks the engine for."""
    from infra import lookups
    from infra.stack import deploy_preview

    async def program() -> None:
        await deploy_preview(preview, await lookups.ask(preview.names, released=False))

    return carry_out(program, Recorder(CloudMocks(None, account, (), {})), preview.names)
