"""Exams: what candidates sit, and when."""
