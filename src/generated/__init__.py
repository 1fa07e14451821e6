"""Compiled from specs; see the header of each module."""
