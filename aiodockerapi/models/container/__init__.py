"""Containers: what they are made from, how they are doing, what they use."""
