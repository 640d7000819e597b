"""A node of a swarm: what it is told to be, what it tells of itself, and what it has to offer."""
