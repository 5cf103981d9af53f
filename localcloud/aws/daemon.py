"""One process: the AWS API on one port, the registry on another, and the state they share."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from console.errors import ExplainedError
from localcloud.aws import credentials
from localcloud.aws.faults import AwsFaults
from localcloud.aws.gate import Gate
from localcloud.aws.registry.app import Registry
from localcloud.aws.services import ecr
from localcloud.aws.services.s3 import bodies, objects
from localcloud.aws.state import State
from localcloud.aws.timekeeper import Timekeeper
from localcloud.machine import identity, ports
from pulumi_plugin.ending import Interrupts

_log = logging.getLogger(__name__)


class Handler(MotoRequestHandler):
    """Leaves the log to the applications, which know what a request meant."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


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
        servers = [_listen("aws", gate), _listen("registry", Registry(me, state, faults))]
        for service in ("iam", "sts", "kms", "ecr"):  # used by others: the check of keys, S3, and the registry
            state.use(service)
        state.load()
        credentials.admit(me)
        gone = bodies.blobs().forget_all_but(objects.referred()) + ecr.forget_unreferred()
        state.save()
        state.start()
        threads = [threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True) for server in servers]
        for thread in threads:
            thread.start()
        timekeeper.start()
        gate.ready.set()
        _log.info("ready: the API on port %s, the registry on %s", ports.port("aws"), ports.port("registry"))
        if gone:
            _log.info("deleted %s files that nothing refers to", gone)
        interrupts.wait()
        timekeeper.stop()
        for server in servers:
            server.shutdown()
        try:
            state.stop()
        except OSError as error:
            hint = "make room, then start and stop the local cloud again"
            raise ExplainedError("cannot save the last changes to AWS", str(error), hint=hint) from error
        _log.info("stopped, everything saved")


def _listen(name: str, app: Any) -> BaseWSGIServer:
    ports.check_free(name)
    return make_server(ports.HOST, ports.port(name), app, threaded=True, request_handler=Handler)
