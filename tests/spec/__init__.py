"""The facts of the Engine API's definitions, v1.41 to v1.55, and what holds the code against them."""
