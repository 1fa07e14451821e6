"""The corpora of the security benchmark: they are what they say, and a fast part of them runs against both tiers."""

from __future__ import annotations

import importlib
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from doubles import NoMypy

from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.sandbox.jail.tier import detect_tier
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier

ROOT = Path(__file__).parents[2]
CLASSES = {
    "network", "unix sockets", "reading", "other processes", "writing", "links", "shared memory", "bombs", "loops",
    "exits", "native code", "programs", "survivors", "namespaces", "privileges", "floods", "forged verdicts",
    "hostile results", "codec",
}  # fmt: skip
# Two of a class, none that has to be waited for.
SEALED = {
    "connect by tcp", "abstract unix socket", "read a private key", "read the environment", "kill the victim",
    "write to the home", "drop a conftest", "write through a link", "leave files for all", "leave with status 0",
    "a fault in memory", "become a shell", "a daemon that survives", "another user", "records on every descriptor",
    "patch the harness's own reporter", "make every comparison true", "steal what is wanted from frames",
    "steal what is wanted from the heap", "raise pytest's skip by its name", "an int equal to everything",
    "a list that says it is one", "a deep result", "junk on the pipe", "answers before the questions",
    "answers of another kind", "an answer nested without end", "classes that were never agreed on",
    "a lie about what was changed", "what is given is changed to what is wanted",
}  # fmt: skip
JAILED = {"read a private key", "write to the project's sources"}
TAMPERING = {
    "wrong: keeps what comes twice", "wrong: forgets the bound", "wrong: sorts what it is given", "no body",
    "a table of the examples", "two special cases", "a list equal to everything", "sys.exit", "pytest.skip",
    "hypothesis.reject", "what is wanted, from frames", "right only under the harness", "a time bomb by the calls",
    "the given list, made to be what is wanted", "every error swallowed",
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("benchmarks.security.hostile")


@pytest.fixture(scope="module")
def tampering(hostile):
    return importlib.import_module("benchmarks.security.tampering")


@pytest.fixture(scope="module")
def stage(hostile, tmp_path_factory):
    """A scene, and the project in it."""
    if not detect_sealed_tier().verified or not detect_tier().verified:
        pytest.skip("this machine has no sealed tier, or no jail")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "MypyProcess", NoMypy)
        with hostile.Scene(tmp_path_factory.mktemp("scene")) as scene:
            files = {**hostile.FILES, ".env": scene.canaries["planted-key"]}
            with hostile.open_arena(scene.root / "project", files=files) as arena:
                yield scene, arena


def test_every_class_of_attack_is_there(hostile):
    corpus = hostile.read_hostile()
    assert len(corpus) >= 50
    assert len({each.name for each in corpus}) == len(corpus)
    assert {each.kind for each in corpus} == CLASSES
    assert min(Counter(each.kind for each in corpus).values()) >= 2
    for each in corpus:
        assert each.seen
        compile("def f(items, most):\n" + textwrap.indent(each.body.strip("\n"), "    "), each.name, "exec")
    assert {each.name for each in corpus} >= SEALED | JAILED


def test_what_the_static_gates_let_through_has_no_signature(hostile, tampering, stage):
    scene, arena = stage
    corpus = hostile.read_hostile()
    names = scene.names(arena.root, arena.shop.shadow.root)
    passed = [each for each in corpus if not arena.refuse(hostile.fill_in(each.body, names), hostile.STATIC)]
    assert {each.kind for each in passed} <= {"bombs", "loops", "floods", "codec"}


def test_nothing_gets_out_of_the_sealed_tier_and_no_verdict_is_forged(hostile, stage):
    scene, arena = stage
    chosen = [each for each in hostile.read_hostile() if each.name in SEALED]
    rows = [hostile.run_one(arena, scene, each, ("sealed",)) for each in chosen]
    assert [hostile.render_row(row) for row in rows if row.mark("sealed") != "."] == []
    assert arena.run_sealed("return sorted(set(items))[:most]", stop_after=0).status == "finished"


def test_nothing_gets_out_of_the_jail(hostile, stage):
    scene, arena = stage
    chosen = [each for each in hostile.read_hostile() if each.name in JAILED]
    rows = [hostile.run_one(arena, scene, each, ("jailed",)) for each in chosen]
    assert [hostile.render_row(row) for row in rows if row.mark("jailed") != "."] == []


def test_wrong_and_cheating_bodies_are_refused_and_the_honest_one_is_not(tampering, stage):
    _, arena = stage
    candidates = tampering.read_candidates()
    assert len(candidates) >= 20
    assert arena.refuse(tampering.HONEST, tampering.STATIC | {"tests"}) is None
    accepted = [name for name in TAMPERING if not arena.refuse(candidates[name], tampering.STATIC | {"tests"})]
    assert accepted == []


def test_the_tests_alone_catch_what_is_wrong_or_forged(tampering, stage):
    _, arena = stage
    caught = ("wrong: keeps what comes twice", "pytest.skip", "hypothesis.reject", "a list equal to everything")
    for name in caught:
        verdict = arena.refuse(tampering.read_candidates()[name], frozenset({"tests"}))
        assert verdict is not None, name
        assert verdict.gate == "tests"


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("import os, pathlib\npathlib.Path(HOME, '.bashrc').write_text('x')", ".bashrc"),
        ("pathlib = __import__('pathlib')\npathlib.Path(SPOOL).write_text('x')", "hostile-"),
        ("import socket\nsocket.create_connection(('127.0.0.1', TCP)).close()", "heard by TCP"),
        ("from socket import *\nwith socket(AF_UNIX) as s: s.connect(STREAM)", "heard by STREAM"),
        ("from socket import *\nwith socket(AF_UNIX, SOCK_DGRAM) as s: s.sendto(b'x', DATAGRAM)", "heard by DATAGRAM"),
        ("from socket import *\nwith socket(type=SOCK_DGRAM) as s: s.sendto(b'x', ('127.0.0.1', UDP))", "heard by UDP"),
        ("from socket import *\nwith socket(AF_UNIX) as s: s.connect('\\0' + ABSTRACT)", "heard by ABSTRACT"),
        ("import os\nos.kill(VICTIM, 9)\nos.waitpid(VICTIM, 0)", "the victim"),
        ("import resource\nresource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (7, 7))", "victim's limits"),
        ("import subprocess\nLEFT.append(subprocess.Popen(['sleep', '60']))", "left processes"),
        ("import pathlib\nreturn pathlib.Path(HOME, '.ssh', 'id_rsa').read_text()", "planted-key came out"),
        ("import os\nreturn os.environ['PLANTED_API_KEY']", "planted-variable came out"),
        ("import ctypes\nreturn ctypes.string_at(ADDRESS).decode()", "in-memory came out"),
        ("return 'ESCAPED'", "forbidden call"),
        ("CROWD._most['processes'] = 99", "too much: processes"),
        ("import time\ntime.sleep(0.02)", "took more than 0.01 s"),
    ],
)  # fmt: skip
def test_an_effect_is_seen_where_nothing_holds_it(hostile, tmp_path, body, effect):
    left = []
    with hostile.Scene(tmp_path) as scene:
        scene.begin()
        names = scene.names(tmp_path, tmp_path)
        lines = hostile.fill_in(body, names).split("\n")
        imports = [line for line in lines if line.startswith("from ")]
        space = {"LEFT": left, "CROWD": scene._crowd}
        code = textwrap.indent("\n".join(line for line in lines if line not in imports), "    ")
        exec("\n".join([*imports, "def act():", code]), space)
        said = space["act"]()
        found = list(scene.find_effects(str(said), 0.01 if "0.01" in effect else 60.0))
        for process in left:
            process.kill()
            process.wait()
    assert len(found) == 1, found
    assert effect in found[0]


def test_no_effect_is_seen_of_what_does_nothing(hostile, tmp_path):
    with hostile.Scene(tmp_path) as scene:
        scene.begin()
        assert list(scene.find_effects("nothing", 60.0)) == []
