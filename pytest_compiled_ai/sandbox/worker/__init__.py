"""The sealed process that runs a candidate, the zygote that it is forked from, and the caller's end of both."""
