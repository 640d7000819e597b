"""Every kind of call over a faulty connection to the engine."""
