"""PostgreSQL run by a user whom the machine does not know."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console import inherited
from console.errors import ExplainedError
from localcloud.render.runtime.databases import account, folders

ASKS = "import os, pwd, sys; open(sys.argv[1], 'w').write(pwd.getpwuid(os.geteuid()).pw_name)"


@pytest.fixture
def nameless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the machine does not know, as container platforms give."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setattr(inherited, "name", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(os, "getegid", lambda: 0)


@pytest.mark.usefixtures("nameless")
def test_a_user_whom_the_machine_does_not_know_is_lent_a_name(tmp_path: Path) -> None:
    """`initdb` asks for one; what it writes belongs to who we are."""
    written = tmp_path / "name"
    command = folders.account().named([sys.executable, "-I", "-S", "-c", ASKS, str(written)])

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    if "unshare: " in done.stderr:
        pytest.skip("this machine permits no user namespaces")
    assert (done.stderr, written.read_text()) == ("", account.unprivileged())
    assert written.stat().st_uid == os.getuid()


@pytest.mark.usefixtures("nameless")
def test_where_no_name_can_be_lent_it_is_said_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that gives this user an entry, before anything is started."""
    monkeypatch.setattr(account, "_BE_CALLED", "import sys; sys.exit('unshare: Operation not permitted')")

    with pytest.raises(ExplainedError) as caught:
        account.check_user()

    assert str(caught.value) == (
        "cannot run PostgreSQL as this user: uid 12345 has no entry in /etc/passwd, which `initdb` asks for, and "
        "none can be lent here (unshare: Operation not permitted)\n\n"
        "hint: as root: echo 'slipway:x:12345:0::/somewhere:/bin/sh' >>/etc/passwd"
    )
