"""The AWS of this machine: `python -m localcloud.aws`. SIGTERM ends it, with everything saved."""

from __future__ import annotations

import logging
import os
import sys

from console import inherited
from console.errors import ExplainedError
from localcloud.machine.paths import keep_private


def main() -> int:
    """Serve until told to stop."""
    inherited.settle()
    keep_private()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    os.environ["S3_IGNORE_SUBDOMAIN_BUCKETNAME"] = "true"  # the path alone names a bucket, to IAM as to moto
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # read when moto is imported: each bucket has its own rules
    try:
        from localcloud.aws import moto_models, moto_time

        moto_time.install()
        moto_models.install()
        from localcloud.aws.daemon import Daemon

        Daemon().run()
    except ExplainedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
