"""The facts of the Engine API's definitions, and the tests that compare the code with them."""
