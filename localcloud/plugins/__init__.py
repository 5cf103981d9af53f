"""Stand-ins for Pulumi's plugins `aws` and `random`, on the local cloud (docs/adr/0041).

They are operations against the local cloud, not whole providers: a type or an input that none of them has is an
error. Each speaks the version of the real plugin that its SDK asks for.
"""
