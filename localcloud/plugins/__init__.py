"""Stand-ins for Pulumi's plugins `aws` and `random`, for machines that cannot download the real ones.

They are operations against the local cloud, not whole providers: a type or an input that none of them has is an
error. Each speaks the version of the real plugin that its SDK asks for.
"""
