"""What becomes of every kind of call when the way to the engine is bad."""
