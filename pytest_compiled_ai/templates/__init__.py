"""Kinds of functions: the code around a body, what it is offered, and what holds for it."""
