"""Stand-ins for Pulumi's plugins `aws` and `random`, for machines that cannot download the real ones.

They are tables of operations against the local cloud, not whole providers: a type or an input that is not in a
table is an error. Each speaks the version of the real plugin that its SDK asks for.
"""
