"""What the plans of services are worth. https://render.com/pricing"""

from __future__ import annotations

import re

MEMORY_MB = {
    "starter": 512,
    "standard": 2048,
    "pro": 4096,
    "pro_plus": 8192,
    "pro_max": 16384,
    "pro_ultra": 32768,
}
COMPUTE = re.compile(r"^\d+(\.\d+)?c-(?P<size>\d+)(?P<unit>mb|g)$")


def memory_mb(plan: str) -> int:
    """The memory that an instance has; of `2c-4g` it is in the name."""
    found = COMPUTE.match(plan)
    if found is None:
        return MEMORY_MB[plan]
    return int(found["size"]) * (1024 if found["unit"] == "g" else 1)
