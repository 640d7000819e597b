"""The daemon: versions, configuration, disk usage, events and registry settings."""
