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
CPUS = {"starter": 0.5, "standard": 1.0, "pro": 2.0, "pro_plus": 4.0, "pro_max": 4.0, "pro_ultra": 8.0}
COMPUTE = re.compile(r"^(?P<cpus>\d+(\.\d+)?)c-(?P<size>\d+)(?P<unit>mb|g)$")


def memory_mb(plan: str) -> int:
    """The memory that an instance has; of `2c-4g` it is in the name."""
    found = COMPUTE.match(plan)
    if found is None:
        return MEMORY_MB[plan]
    return int(found["size"]) * (1024 if found["unit"] == "g" else 1)


def cpus(plan: str) -> float:
    """The processors that an instance may use; of `2c-4g` they are in the name."""
    found = COMPUTE.match(plan)
    return float(found["cpus"]) if found else CPUS[plan]
