"""Annotations that a body lacks, with the types that mypy infers: nothing that runs is changed."""
