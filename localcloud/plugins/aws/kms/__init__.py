"""Keys and their names."""
