"""Roles, users, what they may do, and who is trusted."""
