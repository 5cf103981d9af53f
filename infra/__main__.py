import pulumi

from infra.program import main

pulumi.run(main)
