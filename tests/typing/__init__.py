"""Code as users write it, for the type checkers."""
