"""What a body lacks for mypy: annotations, and a name for each type; what it does stays the same."""
