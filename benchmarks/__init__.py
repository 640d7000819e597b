"""Benchmarks of the client and of others, one case per module: ``python -m benchmarks [case ...]``."""
