"""`local inbox`: the mails and webhooks that the local cloud has sent."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from console.errors import ExplainedError
from console.output import Output
from localcloud.inbox.messages import Message, messages

LOOK_SECONDS = 0.2

inbox = typer.Typer(help="Mails and webhooks that the local cloud has sent.", invoke_without_command=True)
Json = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


@inbox.callback()
def list_(
    shell: typer.Context,
    to: Annotated[str, typer.Option(help="Only to this address or URL.")] = "",
    subject: Annotated[str, typer.Option(help="Only with these words in the subject.")] = "",
    wait: Annotated[float, typer.Option(min=0, help="Wait so many seconds for the first that fits.")] = 0,
    as_json: Json = False,
) -> None:
    """List the mails and webhooks that the local cloud has sent, the oldest first."""
    if shell.invoked_subcommand:
        return
    found = _waited_for(to, subject, wait)
    output = Output()
    if as_json:
        output.json([asdict(one) for one in found])
    elif not found:
        output.line("the inbox has no such message" if to or subject else "the inbox is empty")
    else:
        rows = [(one.number, one.at[:19].replace("T", " "), one.kind, one.to, one.subject) for one in found]
        output.table(("no", "sent (UTC)", "kind", "to", "subject"), rows)


@inbox.command()
def show(
    number: Annotated[int, typer.Argument(help="Its number in the list.")],
    as_json: Json = False,
) -> None:
    """Show one message whole, with the link to open where something is to be confirmed."""
    message = next((one for one in messages() if one.number == number), None)
    if message is None:
        raise ExplainedError(
            f"no message {number}", "the inbox has none of that number", hint="./slipway local inbox"
        )
    output = Output()
    if as_json:
        output.json(asdict(message))
        return
    named = {"from": message.sender, "to": message.to, "sent": message.at, "subject": message.subject}
    named |= {"kind": message.kind, "outcome": message.outcome}
    output.values({**named, **({"confirm": message.link} if message.link else {})})
    output.line()
    output.line(message.text)


def _waited_for(to: str, subject: str, seconds: float) -> list[Message]:
    until = time.monotonic() + seconds
    while True:
        found = [one for one in messages() if to in {"", one.to} and subject in one.subject]
        if found or not seconds:
            return found
        if time.monotonic() > until:
            wanted = " ".join(filter(None, [f"to {to}" if to else "", f"about {subject}" if subject else ""]))
            why = f"none came within {seconds:g} s"
            raise ExplainedError(f"no message {wanted}".strip(), why, hint="./slipway local inbox")
        time.sleep(LOOK_SECONDS)
