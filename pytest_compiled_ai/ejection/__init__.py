"""Leaving: what a compiled project is without this package; plain modules, ordinary tests, no settings of ours."""
