"""The daemon itself: what it is, what it uses, what happens in it."""
