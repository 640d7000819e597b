"""The nodes of a swarm: their settings, their status, and the resources they provide."""
