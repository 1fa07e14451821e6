"""One module in a confined child process, and the copy of the project that it runs on."""
