"""Labelled examples: what a body is scored on, from outside of it."""
