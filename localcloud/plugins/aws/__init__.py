"""The stand-in for Pulumi's plugin `aws`: the resources and functions that this project declares, by botocore."""
