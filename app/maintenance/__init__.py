"""The maintenance page, which nothing of the application serves."""
