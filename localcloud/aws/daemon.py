"""One process: the AWS API on two ports, the registry on another, and the state they share."""

from __future__ import annotations

import logging
import os
import threading

from console.errors import ExplainedError
from localcloud.aws import credentials, payload
from localcloud.aws.faults import AwsFaults
from localcloud.aws.gate import Gate
from localcloud.aws.registry.app import Registry
from localcloud.aws.server import listen, plain
from localcloud.aws.services import ecr
from localcloud.aws.services.s3 import bodies, log_delivery, objects
from localcloud.aws.state import State
from localcloud.aws.timekeeper import Timekeeper
from localcloud.machine import clock, identity, ports
from pulumi_plugin.ending import Interrupts

_log = logging.getLogger(__name__)


class Daemon:
    """The AWS of this machine."""

    def __init__(self) -> None:
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # the account is the identity's

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then save."""
        interrupts = Interrupts()
        me, state, faults = identity.load(), State(), AwsFaults()
        timekeeper = Timekeeper(state)
        gate = Gate(me, state, faults, timekeeper)
        # The ports come first: two daemons must never have the same state.
        servers = [
            listen("aws", gate),
            listen("aws_plain", plain(gate)),
            listen("registry", Registry(me, state, faults)),
        ]
        for service in ("iam", "sts", "kms", "ecr"):  # used by others: the check of keys, S3, and the registry
            state.use(service)
        state.load()
        credentials.admit(me)
        payload.forget_unfinished()
        gone = bodies.blobs().forget_all_but(objects.referred()) + ecr.forget_unreferred()
        state.save()
        state.start()
        threads = [threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True) for server in servers]
        for thread in threads:
            thread.start()
        timekeeper.start()
        gate.ready.set()
        names = ("aws", "aws_plain", "registry")
        _log.info("ready: the API on port %s (%s as without TLS), the registry on %s", *map(ports.port, names))
        if gone:
            _log.info("deleted %s files that nothing refers to", gone)
        interrupts.wait()
        timekeeper.stop()
        for server in servers:
            server.shutdown()
        with state.lock:
            log_delivery.deliver(clock.now(), all_=True)
        try:
            state.stop()
        except OSError as error:
            hint = "make room, then start and stop the local cloud again"
            raise ExplainedError("cannot save the last changes to AWS", str(error), hint=hint) from error
        _log.info("stopped, everything saved")
