"""What tests stand on, and what is not a test itself."""
