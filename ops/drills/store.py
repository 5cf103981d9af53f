"""Where reports rest, beside the backups: each as Markdown and as a page, then as the JSON that makes it one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from console.errors import WRONG_USE, ExplainedError
from ops.backups.manifest import is_id
from ops.doors.objects import Objects
from ops.drills import markdown
from ops.drills.page import LAST, page
from ops.drills.signature import Signed, is_sound, read, written

PREFIX = "drills"
LOOKED = 100  # reports in which a key is looked for


class Reports:
    """Of one environment."""

    def __init__(self, objects: Objects, environment: str) -> None:
        self._objects, self._environment = objects, environment

    def put(self, signed: Signed) -> str:
        """Store one, and give the key of its page."""
        report = signed.report
        before = [one.report for one in self.last(LAST - 1)]
        self._put(report.id, "md", "\n".join([*markdown.lines(report), ""]).encode())
        self._put(report.id, "html", page(report, before).encode())
        self._put(report.id, "json", written(signed))
        return self._key(report.id, "html")

    def ids(self) -> list[str]:
        """Newest first."""
        prefix = f"{PREFIX}/{self._environment}/"
        names = (entry.key.removeprefix(prefix).rpartition(".") for entry in self._objects.list(prefix))
        return sorted((name for name, _, kind in names if kind == "json" and is_id(name)), reverse=True)

    def get(self, id_: str = "") -> Signed:
        """That one, by the beginning of its id, else the newest."""
        there = self.ids()
        found = [one for one in there if one.startswith(id_)][: None if id_ else 1]
        if len(found) == 1:
            return self._read(found[0])
        why = (
            "none has been made" if not there else f"{len(found)} begin so" if found else "there is none of that name"
        )
        raise ExplainedError(
            f"no report {id_} of {self._environment}" if id_ else f"no report of a drill of {self._environment}",
            why,
            hint=f"./slipway drill {self._environment}",
            code=WRONG_USE if id_ else 1,
        )

    def page(self, id_: str) -> bytes:
        """The stored page of one."""
        return self._objects.get(self._key(id_, "html"))

    def last(self, count: int) -> Iterator[Signed]:
        """The newest ones, newest first; what cannot be read is none."""
        for id_ in self.ids()[:count]:
            try:
                yield self._read(id_)
            except ExplainedError:
                continue

    def last_opened(self, *recipients: str) -> dict[str, datetime]:
        """When each of those keys last opened a whole backup in a drill, of those that ever have.

        By reports whose signatures hold. That a backup is sealed for a key is not enough: it was restored with it.
        """
        found: dict[str, datetime] = {}
        for one in self.last(LOOKED):
            key = (
                one.report.opened.recipient if one.report.restore_seconds() is not None and one.report.opened else ""
            )
            if key in {*recipients} - found.keys() and is_sound(one):
                found[key] = one.report.started
            if found.keys() == {*recipients}:
                break
        return found

    def _read(self, id_: str) -> Signed:
        key = self._key(id_, "json")
        return read(self._objects.get(key), f"s3://{self._objects.name}/{key}")

    def _put(self, id_: str, kind: str, content: bytes) -> None:
        self._objects.put(self._key(id_, kind), [content])

    def _key(self, id_: str, kind: str) -> str:
        return f"{PREFIX}/{self._environment}/{id_}.{kind}"
