"""The AWS of this machine: moto behind one door, its state kept, ECR with a real registry. Start at `gate.py`."""
