"""Helpers that a template offers to bodies; where a body uses one, its source is copied into the artifact."""
