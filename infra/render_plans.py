"""What Render sells: regions, plans, disks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

RenderRegion = Literal["frankfurt", "ohio", "oregon", "singapore", "virginia"]
ComputePlan = Literal["starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"]
DatabasePlan = Literal[
    "basic_256mb", "basic_1gb", "basic_4gb",
    "pro_4gb", "pro_8gb", "pro_16gb", "pro_32gb", "pro_64gb", "pro_128gb", "pro_192gb", "pro_256gb",
    "accelerated_16gb", "accelerated_32gb", "accelerated_64gb", "accelerated_128gb", "accelerated_256gb",
]  # fmt: skip
CachePlan = Literal["free", "starter", "standard", "pro", "pro_plus"]
EvictionPolicy = Literal[
    "noeviction", "allkeys_lru", "allkeys_lfu", "allkeys_random",
    "volatile_lru", "volatile_lfu", "volatile_random", "volatile_ttl",
]  # fmt: skip
REPLICA_DISK_GB = 10  # the least for a database that has replicas


def _disk(gigabytes: int) -> int:
    if gigabytes != 1 and gigabytes % 5:
        raise ValueError(f"Render sells 1 or a multiple of 5 GB, not {gigabytes}")
    return gigabytes


DiskGb = Annotated[int, Field(ge=1), AfterValidator(_disk)]
