"""Services of a swarm: what runs, how it is scheduled and updated, and how it is reached."""
