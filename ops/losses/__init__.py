"""What was deleted with its data, and how to go on without it."""
