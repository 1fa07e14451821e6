from __future__ import annotations

import asyncio
import datetime
from decimal import Decimal, InvalidOperation

import pytest
from zygotes import HEADER, program, start

from pytest_compiled_ai.sandbox.codec.bounds import CodecError
from pytest_compiled_ai.sandbox.codec.collection import collect_classes
from pytest_compiled_ai.sandbox.worker.channel import WorkerDied
from pytest_compiled_ai.sandbox.worker.preload import MODULES
from pytest_compiled_ai.sandbox.worker.worker import ResultRefused

MODELS = """
from dataclasses import dataclass, field
@dataclass
class Basket:
    names: list[str] = field(default_factory=list)
class Empty(Exception): pass
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A project module, imported here and by the zygote."""
    import importlib
    import sys

    folder = tmp_path_factory.mktemp("project")
    (folder / "shop_models.py").write_text(MODELS)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("shop_models")
    sys.path.remove(str(folder))
    del sys.modules["shop_models"]


@pytest.fixture(scope="module")
def client(shop):
    header = HEADER + "from shop_models import Basket, Empty"
    with start(header, modules=MODULES) as zygote, zygote.client(collect_classes(vars(shop))) as client:
        yield client


@pytest.fixture
def run(client):
    """Make a worker of a program."""
    workers = []

    def fork(code):
        workers.append(client.fork(program(code)))
        return workers[-1]

    yield fork
    for worker in workers:
        worker.close()


def test_a_function_is_called(run) -> None:
    worker = run("def add(a, *rest, by=1):\n    return a + sum(rest) + by")
    assert worker.call("add", (1, 2), {"by": 10}) == 13
    assert worker.call("add", [1], {}) == 2


def test_an_error_of_the_body_is_raised_here(run) -> None:
    worker = run(
        """
        import decimal
        from shop_models import Empty
        def fail(): raise ValueError("not so", 3)
        def divide(): return decimal.Decimal(1) / 0 ** decimal.Decimal("x")
        def own(): raise Empty("bare")
        def leave(): sys.exit(0)
        def skip(): import unittest; raise unittest.SkipTest("easy")
        """
    )
    with pytest.raises(ValueError, match="not so") as caught:
        worker.call("fail", (), {})
    assert caught.value.args == ("not so", 3)
    with pytest.raises(InvalidOperation):
        worker.call("divide", (), {})
    with pytest.raises(Exception, match="bare") as caught:
        worker.call("own", (), {})
    assert type(caught.value).__name__ == "Empty"
    for name in ("leave", "skip", "absent"):
        with pytest.raises(BaseException) as caught:  # noqa: PT011
            worker.call(name, (), {})
        assert not isinstance(caught.value, SystemExit)


def test_what_a_function_changes_in_its_arguments_is_changed_here(run, shop) -> None:
    worker = run(
        """
        def fill(numbers, basket, *, seen):
            numbers.append(2); basket.names.append("pear"); seen["x"] = {1}
        def spoil(numbers):
            numbers.clear()
            raise KeyError("late")
        """
    )
    numbers, basket, seen = [1], shop.Basket(), {}
    names = basket.names
    assert worker.call("fill", (numbers, basket), {"seen": seen}) is None
    assert (numbers, names, seen) == ([1, 2], ["pear"], {"x": {1}})
    with pytest.raises(KeyError):
        worker.call("spoil", (numbers,), {})
    assert numbers == []


def test_classes_of_the_project_are_carried(run, shop) -> None:
    worker = run(
        """
        from shop_models import Basket
        def make(basket): return [basket, Basket(["b"])]
        """
    )
    result = worker.call("make", (shop.Basket(["a"]),), {})
    assert result == [shop.Basket(["a"]), shop.Basket(["b"])]


def test_a_result_that_is_no_data_is_refused_and_the_worker_lives_on(run) -> None:
    worker = run(
        """
        class Equal(int):
            def __eq__(self, other): return True
        def cheat(): return Equal(3)
        def spoil(numbers): numbers.append(Equal(3))
        def no_iterator(): return 3
        def large(): raise ValueError("x" * 10_000_000)
        def fine(): return 3
        """
    )
    with pytest.raises(ResultRefused, match="Equal"):
        worker.call("cheat", (), {})
    numbers = [1]
    with pytest.raises(ResultRefused, match="Equal"):
        worker.call("spoil", (numbers,), {})
    assert numbers == [1]
    with pytest.raises(ResultRefused, match="int is no iterator"):
        worker.open("no_iterator", (), {})
    assert worker.call("fine", (), {}) == 3


def test_an_argument_that_is_no_data_is_an_error_before_anything_is_sent(run) -> None:
    worker = run("def size(x): return 1")
    with pytest.raises(CodecError):
        worker.call("size", (object(),), {})
    with pytest.raises(CodecError):
        worker.open("size", (lambda: 0,), {})
    assert worker.call("size", (1,), {}) == 1


def test_a_coroutine_runs_to_its_end(run) -> None:
    worker = run(
        """
        async def part(n):
            await asyncio.sleep(0.001)
            return n
        async def total(n):
            async with asyncio.timeout(5), asyncio.TaskGroup() as group:
                tasks = [group.create_task(part(i)) for i in range(n)]
            return sum(task.result() for task in tasks)
        async def late():
            async with asyncio.timeout(0.001): await asyncio.Event().wait()
        def own_loop(): return asyncio.run(part(7))
        async def thread(): return await asyncio.to_thread(int)
        """
    )
    assert worker.call("total", (4,), {}) == 6
    assert worker.call("own_loop", (), {}) == 7
    with pytest.raises(TimeoutError):
        worker.call("late", (), {})
    with pytest.raises(RuntimeError, match="thread"):
        worker.call("thread", (), {})


def test_a_generator_is_stepped_through(run) -> None:
    worker = run(
        """
        def count(numbers):
            total = 0
            try:
                while True:
                    got = yield total
                    numbers.append(got)
                    total += got or 1
            except LookupError as error:
                yield str(error)
            finally:
                numbers.append("end")
            return "done"
        def letters(): return iter("ab")
        def broken():
            yield 1
            raise OSError("gone")
        """
    )
    numbers = []
    steps = worker.open("count", (numbers,), {})
    assert (steps.next(), steps.send(5), numbers) == (0, 5, [5])
    assert steps.throw(LookupError("here")) == "here"
    with pytest.raises(StopIteration) as stop:
        steps.next()
    assert (stop.value.value, numbers) == ("done", [5, "end"])
    letters, broken = worker.open("letters", (), {}), worker.open("broken", (), {})
    assert (letters.next(), broken.next(), letters.next()) == ("a", 1, "b")
    with pytest.raises(OSError, match="gone"):
        broken.next()
    other = []
    steps = worker.open("count", (other,), {})
    steps.next()
    steps.close()
    assert other == ["end"]


def test_an_asynchronous_generator_is_stepped_through(run) -> None:
    worker = run(
        """
        async def count(n):
            for i in range(n):
                await asyncio.sleep(0)
                try:
                    got = yield i
                    if got: yield got
                except ValueError:
                    yield "caught"
        """
    )
    steps = worker.open("count", (3,), {})
    assert [steps.next(), steps.send("x"), steps.next(), steps.throw(ValueError())] == [0, "x", 1, "caught"]
    assert steps.next() == 2
    with pytest.raises(StopIteration):
        steps.next()
    steps = worker.open("count", (3,), {})
    steps.next()
    steps.close()


def test_each_worker_starts_the_same(run) -> None:
    code = """
    count = 0
    def draw():
        global count
        count += 1
        return random.random(), hash("text"), count
    """
    first, second = run(code), run(code)
    assert first.call("draw", (), {}) == second.call("draw", (), {})
    assert first.call("draw", (), {})[2] == 2


def test_what_is_printed_goes_nowhere(run) -> None:
    worker = run(
        "def talk():\n    print('hello'); print('x', file=sys.stderr); sys.__stdout__.write('y'); return input is None"
    )
    assert worker.call("talk", (), {}) is False


def test_data_code_finds_what_it_needs(run) -> None:
    worker = run(
        """
        def parse(text):
            import datetime, csv, io, zoneinfo
            when = datetime.datetime.strptime(text, "%d %B %Y").replace(tzinfo=zoneinfo.ZoneInfo("Asia/Kathmandu"))
            return when, when.astimezone(), list(csv.reader(io.StringIO("a,b"))), b"\\x80".decode("windows-1252")
        def unknown_zone():
            import zoneinfo
            return zoneinfo.ZoneInfo("Mars/Olympus")
        def unknown_module():
            import wsgiref.simple_server
        def unique():
            import uuid, secrets, tempfile
            return uuid.uuid4() != uuid.uuid4(), len(secrets.token_hex(4))
        """
    )
    when, local, rows, euro = worker.call("parse", ("3 May 2026",), {})
    assert when.utcoffset() == datetime.timedelta(hours=5, minutes=45)
    assert (local == when, rows, euro) == (True, [["a", "b"]], "€")
    with pytest.raises(KeyError, match="Mars"):
        worker.call("unknown_zone", (), {})
    with pytest.raises(ModuleNotFoundError):
        worker.call("unknown_module", (), {})


def test_a_program_is_its_artifact(run) -> None:
    worker = run(
        """
        def where(): return __name__, __file__, where.__module__, sys.modules[__name__].where is where
        """
    )
    assert worker.call("where", (), {}) == ("generated.sample", "src/generated/sample.py", "generated.sample", True)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def (", "could not be loaded: SyntaxError: "),
        ("x = undefined", "could not be loaded: NameError: name 'undefined' is not defined"),
        ("sys.exit(3)", "could not be loaded: "),
        ("os._exit(3)", "left with exit status 3"),
    ],
)
def test_a_program_that_cannot_be_executed_has_no_worker(client, code, reason) -> None:
    with pytest.raises(WorkerDied, match=reason):
        client.fork(program(code))


def test_calls_from_several_threads_take_turns(run) -> None:
    worker = run("def add(a, b):\n    time.sleep(0.001); return a + b")

    async def main():
        return await asyncio.gather(*(asyncio.to_thread(worker.call, "add", (i, 1), {}) for i in range(6)))

    assert asyncio.run(main()) == [1, 2, 3, 4, 5, 6]


def test_a_killed_worker_frees_who_waits_for_it(run) -> None:
    worker = run("def wait(): time.sleep(60)")

    async def main():
        call = asyncio.create_task(asyncio.to_thread(worker.call, "wait", (), {}))
        await asyncio.sleep(0.05)
        worker.kill()
        with pytest.raises(WorkerDied, match="the body hung up"):
            await call

    asyncio.run(main())
    with pytest.raises(WorkerDied, match="hung up"):
        worker.call("wait", (), {})


def test_a_closed_worker_is_closed(client) -> None:
    with client.fork("") as worker:
        assert worker.seal.seccomp
    worker.close()
    with pytest.raises(WorkerDied, match="was closed"):
        worker.call("x", (), {})


def test_decimals_keep_their_places(run) -> None:
    assert str(run("def same(x): return x").call("same", (Decimal("1.50"),), {})) == "1.50"
