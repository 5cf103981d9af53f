"""A database that has one of everything, of any size, the same for the same seed; and the comparison of two."""
