"""Attacks: what is killed, dropped, refused, full, taken or mistyped must end in a clear word and be mended."""
