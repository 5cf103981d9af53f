"""What Render and AWS ask for what a stack file can name, in US dollars a month. What is not here is unknown.

Of https://render.com/pricing on 2026-08-09; what that day's copy leaves out is of earlier copies of the same page:
the disk (2026-02-08), pro_max and pro_ultra (2026-05-04), the larger databases and caches (spring 2026), the
workspace (2026-04-23). A standby and a read replica cost what their primary costs, disk included, and a cron job at
least one dollar (https://render.com/docs: `postgresql-high-availability`, `postgresql-read-replicas`, `cronjobs`).
AWS: https://aws.amazon.com/kms/pricing and the pages of Secrets Manager and CloudWatch, June 2026.
"""

from __future__ import annotations

from decimal import Decimal

AS_OF = "2026-08-09"
SOURCE = "https://render.com/pricing"

WORKSPACE = Decimal(25)  # Pro, for all its members together
SERVICE = {
    "starter": Decimal(7),
    "standard": Decimal(25),
    "pro": Decimal(85),
    "pro_plus": Decimal(175),
    "pro_max": Decimal(225),
    "pro_ultra": Decimal(450),
}
CRON_JOB_AT_LEAST = Decimal(1)  # else by the minute that it runs
DATABASE = {
    "basic_256mb": Decimal(6),
    "basic_1gb": Decimal(19),
    "basic_4gb": Decimal(75),
    "pro_4gb": Decimal(55),
    "pro_8gb": Decimal(100),
    "accelerated_16gb": Decimal(160),
    "accelerated_32gb": Decimal(350),
    "accelerated_64gb": Decimal(750),
    "accelerated_128gb": Decimal(1500),
    "accelerated_256gb": Decimal(2500),
}
DISK_GB = Decimal("0.30")
CACHE = {"free": Decimal(0), "starter": Decimal(10), "standard": Decimal(32), "pro_plus": Decimal(250)}

AWS_KEY = Decimal(1)
AWS_SECRET = Decimal("0.40")
AWS_ALARM = Decimal("0.10")
