"""The trusted process that runs the tests, and sends the calls of the stubs to workers."""
