"""The zygote: a fresh interpreter that imports what a spec's functions may use, and forks a sealed worker when asked.

It is two processes. The keeper imports, enters the namespaces, and waits; its child, the init of its process namespace
where there is one, serves. A client asks by one byte on the shared socket, with three descriptors: the worker's two
pipes and a control socket, through which it may kill the worker and hears how it ended. Whoever closes its end of the
control socket kills its worker: no client can leave one behind.

Nothing that a candidate could want is here: no tests, no keys, an empty environment.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys
import types
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from pytest_compiled_ai.sandbox.codec.classes import Classes
from pytest_compiled_ai.sandbox.codec.collection import collect_classes
from pytest_compiled_ai.sandbox.kernel import namespaces, sealing
from pytest_compiled_ai.sandbox.kernel.libc import PR_SET_PDEATHSIG, prctl
from pytest_compiled_ai.sandbox.kernel.limits import Limits
from pytest_compiled_ai.sandbox.kernel.privileges import die_with
from pytest_compiled_ai.sandbox.worker.answering import Program
from pytest_compiled_ai.sandbox.worker.preload import preload
from pytest_compiled_ai.sandbox.worker.quiet_loop import use_everywhere
from pytest_compiled_ai.sandbox.worker.zygote_server import Server


def main() -> None:
    """Read the orders from standard input, prepare, and serve until the last client is gone."""
    orders = json.loads(sys.stdin.buffer.read())
    die_with(orders["parent"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.path[:] = orders["path"]
    importlib.invalidate_caches()
    report = orders["report"]
    header = types.ModuleType(orders["module"])
    try:
        preload(orders["modules"])
        exec(compile(orders["header"], orders["filename"], "exec", dont_inherit=True), header.__dict__)  # noqa: S102
        use_everywhere()
        classes = collect_classes(header.__dict__)
    except BaseException as error:
        _report(report, {"event": "failed", "text": f"{type(error).__name__}: {error}"})
        os._exit(1)
    _split(orders, classes)


def _split(orders: Mapping[str, Any], classes: Classes) -> NoReturn:
    # The thread that started the keeper may end before the zygote is closed; from here on a closed socket ends it.
    prctl(PR_SET_PDEATHSIG, 0)
    keeper = os.getpid()
    isolated = namespaces.enter()
    child = os.fork()
    if child:
        os.close(orders["socket"])
        os.close(orders["report"])
        os.waitpid(child, 0)
        os._exit(0)
    die_with(0 if isolated else keeper)
    program = Program(module=orders["module"], filename=orders["filename"], classes=classes)
    limits = Limits(**orders["limits"])
    limits = replace(limits, memory=limits.memory + sealing.room_of())
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=orders["socket"]) as clients:
        server = Server(clients, program, limits, namespaces=isolated)
        _report(orders["report"], {"event": "ready"})
        os.close(orders["report"])
        server.serve()
    os._exit(0)


def _report(descriptor: int, record: Mapping[str, object]) -> None:
    os.write(descriptor, json.dumps(record).encode() + b"\n")
