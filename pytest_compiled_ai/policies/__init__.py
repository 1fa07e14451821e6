"""What a body may use of Python, as data, and the rules that hold it to that."""
