"""What a person decides about bodies: those that wait to be written, and those that are and that nobody approved."""
