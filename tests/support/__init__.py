"""Helpers and servers for the tests; this package contains no tests."""
