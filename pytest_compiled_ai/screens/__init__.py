"""The input gate: what is in a prompt that should not go to a model."""
