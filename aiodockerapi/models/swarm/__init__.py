"""The swarm: its settings, its state as reported by a node, and the requests to initialize, join and unlock it."""
