"""Where Render runs things."""

from __future__ import annotations

from typing import Literal

Region = Literal["frankfurt", "ohio", "oregon", "singapore", "virginia"]
