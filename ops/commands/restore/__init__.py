"""`restore`: bring back what was backed up."""
