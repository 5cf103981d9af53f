"""Write what is generated from the provider's resources. With `--check` only say whether it is up to date."""

from __future__ import annotations

import argparse
import sys

from render_provider.generate import COMMAND
from render_provider.generate.files import ROOT, outdated
from render_provider.generate.models import ModelError


def main() -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is out of date")
    is_check = parser.parse_args().check
    try:
        files = outdated()
    except ModelError as error:
        print(f"nothing is generated: {error}\n\nhint: mend that model, then {COMMAND}", file=sys.stderr)
        return 1
    if files and is_check:
        names = ", ".join(str(path.relative_to(ROOT)) for path in files)
        print(f"{names}: the models in provider/resources/ say otherwise\n\nhint: {COMMAND}", file=sys.stderr)
        return 1
    for path, text in files.items():
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        print(f"{path.relative_to(ROOT)} is {'removed' if text is None else 'written'}", file=sys.stderr)
    return 0


sys.exit(main())
