"""Specs of this project's own, on real input."""
