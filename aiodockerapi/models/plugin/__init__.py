"""Models of plugins: their configuration, settings and privileges."""
