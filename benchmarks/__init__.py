"""What the client costs, measured side by side; run one with ``python -m benchmarks.NAME``."""
