"""PostgreSQL's programs where a user without rights can run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console import inherited
from console.errors import ExplainedError
from localcloud.render.runtime import postgres_home

ASKS = "import os, pwd, sys; open(sys.argv[1], 'w').write(pwd.getpwuid(os.geteuid()).pw_name)"


@pytest.mark.parametrize(
    ("mode", "shared", "seen"),
    [(0o755, True, 0o755), (0o644, True, 0o644), (0o700, False, 0o755), (0o600, False, 0o644)],
)
def test_a_program_is_shared_where_everybody_may_read_it(tmp_path: Path, mode: int, shared: bool, seen: int) -> None:
    """Only what is private is copied, and the original keeps its permissions."""
    source = tmp_path / "postgres"
    source.write_text("program")
    source.chmod(mode)

    postgres_home._link(str(source), str(tmp_path / "link"))

    assert source.samefile(tmp_path / "link") == shared
    assert (tmp_path / "link").stat().st_mode & 0o777 == seen
    assert source.stat().st_mode & 0o777 == mode
    assert (tmp_path / "link").read_text() == "program"


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
    command = postgres_home.home().named([sys.executable, "-I", "-S", "-c", ASKS, str(written)])

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    if "unshare: " in done.stderr:
        pytest.skip("this machine permits no user namespaces")
    assert (done.stderr, written.read_text()) == ("", postgres_home._user())
    assert written.stat().st_uid == os.getuid()


@pytest.mark.usefixtures("nameless")
def test_where_no_name_can_be_lent_it_is_said_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that gives this user an entry, before anything is started."""
    monkeypatch.setattr(postgres_home, "_BE_CALLED", "import sys; sys.exit('unshare: Operation not permitted')")

    with pytest.raises(ExplainedError) as caught:
        postgres_home.check_user()

    assert str(caught.value) == (
        "cannot run PostgreSQL as this user: uid 12345 has no entry in /etc/passwd, which `initdb` asks for, and "
        "none can be lent here (unshare: Operation not permitted)\n\n"
        "hint: as root: echo 'slipway:x:12345:0::/somewhere:/bin/sh' >>/etc/passwd"
    )
