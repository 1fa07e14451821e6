"""What the kernel withholds from a process: the mechanisms, and the bounds and filters that they are given."""
