"""Containers: configuration, state, resource usage and files."""
