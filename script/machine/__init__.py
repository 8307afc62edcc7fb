"""Setting up a machine, with nothing but Python's standard library."""
