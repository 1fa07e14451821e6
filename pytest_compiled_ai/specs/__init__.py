"""What people write: stubs and tests, their names, their meaning."""
