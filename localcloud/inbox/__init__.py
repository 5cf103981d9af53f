"""What the local cloud would have sent into the world: mails, and calls of webhooks."""
