"""What the client costs, measured beside others: one case a module, ``python -m benchmarks [case ...]``."""
