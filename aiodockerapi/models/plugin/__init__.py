"""Plugins of the daemon: what they are made of, how they are set, and what they want to be allowed."""
