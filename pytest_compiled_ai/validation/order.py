"""What a validating process is asked to do, as plain data, and how it does it."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from pytest_compiled_ai import errors
from pytest_compiled_ai.compiler.workshop import Workshop, open_workshop
from pytest_compiled_ai.config import Config
from pytest_compiled_ai.errors import CompiledAIError, HarnessError, tell_machine_errors
from pytest_compiled_ai.specs.model import SpecFile
from pytest_compiled_ai.validation.archive import discard

Act = Literal["begin", "errors_of", "try_out", "confirm", "answer", "restore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to do for one spec.

    `bench` numbers the process among those of a run; `config` holds the project's root as that process sees it, and no
    provider. `given` are the act's arguments. `files` are artifacts that were approved since the last order, by their
    path relative to the root.
    """

    config: Config
    bench: int
    spec: str
    act: Act
    given: tuple[Any, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error for a person, as it travels: its class by name, and its text."""

    kind: str
    text: str

    def error(self) -> CompiledAIError:
        """Return it as an error of the tree in errors.py, of the nearest class that this process knows."""
        found = getattr(errors, self.kind, None)
        kind = found if isinstance(found, type) and issubclass(found, CompiledAIError) else HarnessError
        return kind(self.text)


class Shops:
    """The workshops of one process, by project; each is opened with its first order, and stays warm."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, int], tuple[Workshop, ExitStack]] = {}
        # A worker of a cluster may have threads to spare, and a workshop judges one candidate at a time.
        self._lock = threading.Lock()

    def perform(self, order: Order) -> Any:
        """Do what is ordered; an error that a person has to read is returned, not raised."""
        try:
            with self._lock, tell_machine_errors():
                shop = self._shop(order)
                for relative, text in order.files.items():
                    shop.shadow.put(relative, text)
                    _write(order.config.root / relative, text)
                shop.runner.turn_to(order.spec)
                return _ACTS[order.act](shop, order)
        except CompiledAIError as error:
            kind = next(each for each in type(error).__mro__ if each.__module__ == errors.__name__)
            return Refusal(kind=kind.__name__, text=str(error))

    def leave(self, root: Path) -> None:
        """End what those of one project hold."""
        with self._lock:
            for key in [key for key in self._open if key[0] == root]:
                self._open.pop(key)[1].close()

    def close(self) -> None:
        """End what they hold, at the end of the process, where nobody else takes orders; may be called twice."""
        while self._open:
            self._open.popitem()[1][1].close()

    def _shop(self, order: Order) -> Workshop:
        key = order.config.root, order.bench
        if key not in self._open:
            stack = ExitStack()
            self._open[key] = stack.enter_context(open_workshop(order.config, bench=order.bench)), stack
        return self._open[key][0]


_SHOPS = Shops()
atexit.register(_SHOPS.close)


def rank_of(order: Order | None = None) -> float:
    """Return which orders can wait: a spec is begun when nothing is to be done for those that are under way.

    Else a process would have more of them under way than it keeps warm, and would start them anew.
    """
    return 1 if order and order.act in {"begin", "errors_of"} else 0


def perform(order: Order) -> Any:
    """Perform an order in this process, which keeps its workshops until it ends."""
    return _SHOPS.perform(order)


def leave(root: Path) -> None:
    """End the workshops of a project that travelled here, and remove its files."""
    _SHOPS.leave(root)
    discard(root)


def _write(path: Path, text: str) -> None:
    """Write an approved artifact where it is not yet: on another machine, whose project is a copy."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _quiet(name: str) -> None:
    """Tell nobody that a gate begins: whoever watches is in another process."""


def relocate(file: SpecFile, root: Path) -> SpecFile:
    """Return a spec file as it is below another root."""
    below = Path(*file.path.parts[-len(Path(file.relative).parts) :])
    old_root = Path(*file.path.parts[: -len(below.parts)])
    return file._replace(path=root / below, target=root / file.target.relative_to(old_root))


def _subject_of(order: Order, at: int) -> Any:
    subject = order.given[at]
    return replace(subject, file=relocate(subject.file, order.config.root))


def _restore(shop: Workshop, order: Order) -> None:
    shop.restore(order.config.root, relocate(order.given[0], order.config.root))


_ACTS: Final[Mapping[str, Callable[[Workshop, Order], Any]]] = {
    "begin": lambda shop, order: shop.begin(_subject_of(order, 0), order.given[1]),
    "errors_of": lambda shop, order: shop.errors_of(order.given[0], _subject_of(order, 1)),
    "try_out": lambda shop, order: shop.try_out(order.given[0], _subject_of(order, 1), _quiet),
    "confirm": lambda shop, order: shop.ask_last(order.given[0], _subject_of(order, 1), _quiet),
    "answer": lambda shop, order: shop.answer(*order.given),
    "restore": _restore,
}
