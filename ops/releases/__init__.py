"""Releases: their records, the gate that each goes through, the way back, and who may change what runs."""
