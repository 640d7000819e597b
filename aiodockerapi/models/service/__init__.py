"""Services of a swarm: what is to run, how it is scheduled and updated, and how it is reached."""
