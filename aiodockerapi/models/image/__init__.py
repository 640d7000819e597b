"""Images: where they come from, what they hold, how they are built and moved."""
