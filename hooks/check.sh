#!/bin/sh
# `compiled-ai check` of this very clone. It needs the standard library alone, so nothing is installed for it.
set -u

clone=${0%/*}/..
start='import sys; sys.path.insert(0, sys.argv.pop(1)); from pytest_compiled_ai.cli import main; sys.exit(main())'

# The project's own interpreter comes first: it reads the project's syntax.
for python in python3 python python3.14 python3.13 python3.12 python3.11; do
    if "$python" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$python" -I -S -c "$start" "$clone" check "$@"
    fi
done
echo "compiled-ai: no Python 3.11 or newer is on PATH, and the check needs one; activate the project's environment." >&2
exit 4
