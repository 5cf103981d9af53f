"""The policy engine: patterns, conditions, principals and the decision."""
