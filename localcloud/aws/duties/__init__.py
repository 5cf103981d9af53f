"""What happens in AWS by itself, as time goes on: one file a noun."""
