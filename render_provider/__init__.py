"""How Pulumi talks to Render: `resources` for programs, `provider` for the engine."""
