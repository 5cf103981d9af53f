"""The stand-in for Pulumi's plugin `random`: values made once and kept in the state."""
