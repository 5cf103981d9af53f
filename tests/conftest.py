"""What no test inherits: the repository of the hook that runs it, its user's git, proxies, clouds and databases."""

from __future__ import annotations

import os
from pathlib import Path

from console import inherited

inherited.settle()
_kept = inherited.for_servers()
os.environ.clear()
os.environ.update(_kept, GIT_CONFIG_GLOBAL=str(Path(__file__).with_name("gitconfig")), GIT_CONFIG_NOSYSTEM="1")
