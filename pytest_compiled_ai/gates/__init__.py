"""The checks that a candidate must pass, by stage."""
