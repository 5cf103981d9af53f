"""What carries the application without Render: the gateway, and the one command that deploys."""
