"""What every change of what runs goes through: the lock, the gate, the way back, and a line that tells of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from console.errors import ExplainedError
from infra.config import Stack
from infra.release import Release
from ops.account.at_aws import require_account
from ops.context import Context
from ops.doors.aws import Clients
from ops.doors.cloud import Cloud
from ops.doors.programs import ROOT, InterruptedRunError
from ops.environments.stacks import load
from ops.releases import who
from ops.releases.audit import Audit, Event
from ops.releases.following import require_deployed
from ops.releases.gate import Gate
from ops.releases.lock import Locks
from ops.releases.pending import Note, Pending
from ops.releases.records import Records
from ops.releases.restoring import Restoring
from ops.releases.verdict import Verdict
from ops.releases.warned import warned


@dataclass
class Passage:
    """Of one environment."""

    context: Context
    cloud: Cloud
    stack: Stack
    clients: Clients
    wait: Callable[[float], None] = time.sleep
    by: str = field(init=False)

    def __post_init__(self) -> None:
        sts, ssm = self.clients("sts"), self.clients("ssm")
        require_account(sts, self.stack.aws.account)
        self.by = who.acts(self.cloud, sts)
        self.locks, self.audit = Locks(self.stack, ssm), Audit(self.stack, ssm)
        self.records, self.note = Records(self.stack, ssm), Note(self.stack, ssm)

    def open(self, what: str) -> None:
        """Refused where the environment is locked."""
        try:
            self.locks.refuse_if_locked()
        except ExplainedError as error:
            self.tell(what, outcome=str(error).partition("\n")[0])
            raise

    def record(self, release: Release, *, after: int, what: str) -> None:
        """Make it what is to run, unless somebody has locked the environment or recorded another one meanwhile."""
        self.open(what)
        self.records.add(release, after=after)

    def through(self, act: Callable[[], int], what: str = "up") -> int:
        """Carry it out; returns its exit code where what runs may stay as it is then, else that is an error."""
        pending = self.note.read()
        gate = Gate(self.context, self.cloud, self.stack, self.note, self.wait, pending=pending)
        if pending and pending.phase == "going back":
            self._restoring().finish(gate.there()[0], pending)
            gate.pending = None
        gate.begin()
        try:
            code = act()
        except InterruptedRunError:
            self.tell(what, outcome="interrupted")
            raise
        finally:
            gate.end()
        try:
            verdict = gate.judge(complete=code == 0)
        except ExplainedError as error:
            self.tell(what, outcome=str(error).partition("\n")[0])
            raise
        if verdict.why:
            refusal = self._refused(gate, verdict)
            self.tell(what, verdict, outcome=str(refusal).partition("\n")[0])
            raise refusal
        if verdict.unseen:
            environment = self.stack.environment
            self.context.output.say(
                f"warning: {environment} is in maintenance, so nobody has seen what came: after "
                f"./slipway maintenance off {environment} have it looked at by ./slipway up {environment}"
            )
            self.tell(what, verdict, outcome="unseen, in maintenance")
            return code
        if pending or gate.noted:
            with warned(self.context.output.say):
                self.note.remove()
        if verdict.moved or code != 0:
            self.tell(what, verdict, outcome="done" if code == 0 else f"failed: pulumi's exit code {code}")
        if code == 0 and (running := verdict.running):
            with warned(self.context.output.say):
                self.records.has_passed(running)
        if code == 0 and gate.failed:
            commit = self.context.doors.committed.head(ROOT).id
            require_deployed(gate.failed, commit, self.stack.environment, self.context.output.say)
        return code

    def tell(self, what: str, verdict: Verdict | None = None, *, outcome: str = "done") -> None:
        """A line of the audit. What was done is done: one that cannot be written is no reason to fail."""
        moved = (verdict.version_before, verdict.version) if verdict and verdict.moved else ("", "")
        event = Event(at=datetime.now(UTC), by=self.by, what=what, before=moved[0], after=moved[1], outcome=outcome)
        with warned(self.context.output.say):
            self.audit.note(event)

    def _refused(self, gate: Gate, verdict: Verdict) -> ExplainedError:
        environment = self.stack.environment
        if not verdict.before:
            told = "\n".join([verdict.why, *(f"  {line}" for line in verdict.requests)])
            return ExplainedError(
                f"{environment} is up, and does not work",
                f"there is no release before it to go back to; {told}",
                hint=f"once that is mended: ./slipway up {environment}",
            )
        pending = gate.pending or Pending(before=gate.before, baseline=gate.seen)
        return self._restoring().go_back(verdict, pending, gate.known, gate.there()[1])

    def _restoring(self) -> Restoring:
        return Restoring(self.context, self.cloud, self.stack, note=self.note, records=self.records, wait=self.wait)


def of(context: Context, environment: str) -> Passage:
    """That of an environment, in the cloud that the process environment names."""
    stack, cloud = load(environment), context.doors.choose()
    return Passage(context, cloud, stack, context.doors.aws(cloud, stack.aws.region))
