"""The door to `pg_restore` where there is no database: an archive is read to its end, and nothing becomes of it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres_dump import dumpers


def parse(chunks: Iterator[bytes], *, major: int) -> str:
    """What `pg_restore` of that version, or a newer one, says on its way; an error where it cannot read all."""
    fit = {
        there: folder for there, folder in dumpers().items() if there >= major and (folder / "pg_restore").exists()
    }
    if not fit:
        raise ExplainedError(
            "cannot parse the archive",
            f"pg_dump {major} has written it, and this machine has no pg_restore that is new enough",
            hint=f"apt-get install postgresql-client-{major}",
            code=REFUSED,
        )
    command = [str(fit[min(fit)] / "pg_restore"), "--verbose", "--file=/dev/null"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said, env={"LC_ALL": "C"})
        assert process.stdin is not None  # noqa: S101 - it was asked for
        try:
            with suppress(BrokenPipeError):  # it has read all that it needs, or it has failed
                for chunk in chunks:
                    process.stdin.write(chunk)
        except BaseException:
            process.kill()
            raise
        finally:
            with suppress(OSError):
                process.stdin.close()
            code = process.wait()
        said.seek(0)
        text = said.read().decode(errors="replace")
    if code:
        lines = [line for line in text.splitlines() if "error" in line] or [f"exit code {code}"]
        raise ExplainedError("pg_restore cannot read the archive", lines[0].removeprefix("pg_restore: error: "))
    return text
