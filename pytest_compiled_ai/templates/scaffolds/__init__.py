"""Code around a compiled function, as it is copied into an artifact; it needs the standard library alone."""
