"""What Pulumi keeps in no service: who asks, and where."""
