"""Start unvibe, bounded and repeatable: run as a file by the Python that has it, in a folder that has its files.

Of ours nothing is imported, for nothing of ours is there. unvibe runs candidates in this very process: the bounds stop
an endless or a greedy one, and are no jail.
"""

from __future__ import annotations

import random
import resource
import runpy
import sys

SEED = 1
BOUNDS = (
    (resource.RLIMIT_AS, 4 << 30),
    (resource.RLIMIT_FSIZE, 64 << 20),
    (resource.RLIMIT_NPROC, 4096),
    (resource.RLIMIT_CORE, 0),
)

if __name__ == "__main__":
    for which, most in BOUNDS:
        hard = resource.getrlimit(which)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (bound, bound))
    # It draws temperatures, and the order of equals.
    random.seed(SEED)
    sys.path[0] = ""
    sys.argv[0] = "unvibe"
    runpy.run_module("unvibe", run_name="__main__")
