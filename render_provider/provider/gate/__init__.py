"""What a release has to show once it serves, and how it goes back to the one before it when it does not."""
