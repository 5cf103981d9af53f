"""What runs inside the application's own process: it imports Django, and nothing outside of this folder does."""
