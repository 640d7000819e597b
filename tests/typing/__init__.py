"""What users write, under the type checkers."""
