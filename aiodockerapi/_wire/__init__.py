"""Bytes to values and back, without a socket or an event loop: how requests are spelt and streams are read."""
