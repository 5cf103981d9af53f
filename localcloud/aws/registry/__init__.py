"""The registry's V2 API. Its repositories and images are ECR's."""
