"""The program that Pulumi runs."""

import pulumi

from infra.program import main

pulumi.run(main)
