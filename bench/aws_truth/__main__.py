"""How often the local AWS tells the truth about AWS: `python -m bench.aws_truth [PART…]`."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench.aws_truth.account import Account
from bench.aws_truth.case import Case
from bench.aws_truth.cases import parts
from tests.support.aws_daemon import running


@dataclass
class Count:
    """What the calls of one part came to."""

    refused: int = 0
    allowed: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, case: Case, account: Account) -> None:
        """Make the call and count it."""
        try:
            code = case.judge(account)
        except Exception as error:  # noqa: BLE001 # a case that cannot be judged is wrong too, and the rest goes on
            self.wrong.append(f"{case.says}: {type(error).__name__}: {error}")
            return
        if code != case.code:
            self.wrong.append(f"{case.says}: {code or 'allowed'}, AWS: {case.code or 'allowed'}")
        elif code:
            self.refused += 1
        else:
            self.allowed += 1


def main() -> int:
    """Make every call of the table, each judged against what AWS documents."""
    wanted = sys.argv[1:] or list(parts())
    counts = {part: Count() for part in wanted}
    with tempfile.TemporaryDirectory(prefix="slipway-truth-") as folder:
        for moves_clock in (False, True):
            with running(_root(folder, "moving" if moves_clock else "still")) as aws:
                account = Account(aws)
                for part in wanted:
                    for case in parts()[part]:
                        if case.moves_clock == moves_clock:
                            counts[part].take(case, account)
    return report(counts)


def _root(folder: str, name: str) -> Path:
    root = Path(folder) / name
    root.mkdir()
    return root


def report(counts: dict[str, Count]) -> int:
    """Print the counts, and each call that was judged otherwise than AWS judges it."""
    print(f"{'part':<20} {'calls':>6} {'refused':>8} {'allowed':>8} {'wrong':>6}")
    calls = refused = allowed = wrong = 0
    for part, count in counts.items():
        made = count.refused + count.allowed + len(count.wrong)
        print(f"{part:<20} {made:>6} {count.refused:>8} {count.allowed:>8} {len(count.wrong):>6}")
        calls, refused, allowed = calls + made, refused + count.refused, allowed + count.allowed
        wrong += len(count.wrong)
    print(f"{'in all':<20} {calls:>6} {refused:>8} {allowed:>8} {wrong:>6}")
    for part, count in counts.items():
        for line in count.wrong:
            print(f"wrong: {part}: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
