"""What makes up a swarm: its settings, its state as a node sees it, and the requests that found, join and unlock it."""
