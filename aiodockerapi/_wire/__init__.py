"""Conversion between values and bytes, without I/O: request encoding and stream decoding."""
