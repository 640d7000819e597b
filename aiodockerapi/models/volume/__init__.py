"""Volumes, and the cluster volumes of a swarm."""
