"""What aiodockerapi is held to."""
