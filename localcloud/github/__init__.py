"""The GitHub of this machine: so far the issuer of the tokens that workflows show to AWS."""
