"""`python -m pytest_compiled_ai` is `compiled-ai`."""

import sys

from pytest_compiled_ai.cli import main

sys.exit(main())
