"""The calls of the Engine API, a module or package per group of resources.

A method consists of its signature, its docstring and a few lines: it builds a `Request` from its arguments, the engine sends
the request, and the response is structured as a model. Arguments that are None are not sent, so the daemon's default applies.
"""
