"""What is kept: the artifact, its record, and how both are written."""
