"""Bounded invocation: a compiled body that may ask a model one narrow question while it runs."""
