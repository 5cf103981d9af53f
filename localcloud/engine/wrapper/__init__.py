"""The `pulumi` on the local PATH: the real CLI, given what keeps the checkout clean and a killed run harmless.

`__main__.py` is started for every command, with `python -I -S`: what is here uses the standard library and `console`
alone.
"""
