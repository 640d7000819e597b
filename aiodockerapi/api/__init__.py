"""The calls of the Engine API, a module or package per group of resources.

A method is its signature, its docstring and a few lines: arguments become a `Request`, the engine sends it, the answer
becomes a model. What is not set (None) is not sent, so the daemon's own default holds.
"""
