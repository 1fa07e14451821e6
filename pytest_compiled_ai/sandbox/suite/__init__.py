"""A project's tests, run by real pytest in the jail, and what came of them."""
