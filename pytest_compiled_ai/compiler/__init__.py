"""The loop: from a stub and its tests to an approved body."""
