from __future__ import annotations

import ast
import builtins
from pathlib import Path

import pytest

from pytest_compiled_ai.artifacts.module import (
    ArtifactModule,
    Import,
    names_in,
    parse_module,
    render_module,
    with_constants,
)
from pytest_compiled_ai.templates.catalogue import BUILTIN
from pytest_compiled_ai.templates.modules import catalogue
from pytest_compiled_ai.templates.modules.catalogue import (
    MODULES,
    Helper,
    gather,
    libraries_of,
    read_catalogue,
    read_module,
)
from pytest_compiled_ai.templates.modules.offer import offer_helpers

FOLDER = Path(catalogue.__file__).parent
ALL = {"sqlalchemy", "urllib3"}
OFFERED = [helper for helper in read_catalogue().values() if helper.is_offered]
RE = Import(module="re", name=None, bound="re")


def artifact_of(helpers):
    imports = {item for helper in helpers for item in helper.imports}
    return ArtifactModule(spec_path="specs/x.py", imports=tuple(imports), constants={h.name: h.text for h in helpers})


def test_every_module_is_in_the_catalogue():
    assert [*MODULES] == sorted(
        path.stem for path in FOLDER.glob("*.py") if path.stem not in {"__init__", "catalogue", "offer"}
    )
    assert {helper.module for helper in OFFERED} == set(MODULES)
    assert {name for template in BUILTIN for name in template.modules} <= set(MODULES)


def test_no_two_modules_share_a_name_and_no_name_is_a_builtin():
    names = [
        helper.name
        for module in MODULES
        for helper in read_module(module, (FOLDER / f"{module}.py").read_text("utf-8"))
    ]
    assert len(names) == len(set(names))
    assert not set(names) & set(dir(builtins))


def test_one_name_is_imported_from_one_place():
    found = {}
    for helper in read_catalogue().values():
        for item in helper.imports:
            assert found.setdefault(item.bound, item) == item


@pytest.mark.parametrize("helper", OFFERED, ids=lambda helper: helper.name)
def test_a_helper_is_whole_and_reads_back(helper):
    parts = gather(helper.name)
    for library in libraries_of(parts):
        pytest.importorskip(library)
    module = artifact_of(parts)
    text = render_module(module)
    assert parse_module(text, "specs/x.py").constants == module.constants
    bound = {*module.constants, *(item.bound for item in module.imports), *dir(builtins)}
    assert with_constants(names_in(helper.text), module.constants) <= bound
    names = {}
    exec(compile(text, "artifact", "exec", dont_inherit=True), names)
    assert helper.name in names


@pytest.mark.parametrize("helper", OFFERED, ids=lambda helper: helper.name)
def test_a_helper_says_what_it_does_with_an_example(helper):
    node = ast.parse(helper.text).body[0]
    if isinstance(node, ast.FunctionDef):
        first = (ast.get_docstring(node) or "").partition("\n")[0]
        assert first.endswith(".")
        assert len(first) <= 115


@pytest.mark.parametrize("module", MODULES)
def test_only_what_talks_to_the_world_needs_a_library(module):
    parts = [part for helper in OFFERED if helper.module == module for part in gather(helper.name)]
    wanted = {"database": {"sqlalchemy"}, "http": {"urllib3"}, "notification": {"urllib3"}}
    assert libraries_of(parts) == wanted.get(module, set())


SOURCE = '''
import re
from collections.abc import Iterator
from pytest_compiled_ai.templates.modules.numbers import numbers_in

__all__ = ["shown"]

_PATTERN: str = re.escape("a")  # why


@cache
def shown(text: str) -> Iterator[int]:
    """Say it."""
    # a remark
    return _Inner(numbers_in(text), _PATTERN)


class _Inner:
    pass


if True:
    hidden = 1
'''


def test_a_module_is_read_from_its_source():
    pattern, shown, inner = read_module("mine", SOURCE)
    assert pattern == Helper(
        name="_PATTERN",
        module="mine",
        text='# helper mine\n_PATTERN: str = re.escape("a")  # why',
        imports=(RE,),
        needs=(),
        is_offered=False,
    )
    assert shown.text.startswith("# helper mine\n@cache\ndef shown(")
    assert shown.text.endswith("# a remark\n    return _Inner(numbers_in(text), _PATTERN)")
    assert (shown.is_offered, shown.needs) == (True, ("_Inner", "_PATTERN", "numbers_in"))
    assert [item.bound for item in shown.imports] == ["Iterator"]
    assert (inner.name, inner.text) == ("_Inner", "# helper mine\nclass _Inner:\n    pass")


def offered(modules, bound=None, declared=ALL):
    return [h.name for h in offer_helpers(modules, bound or {}, lambda: frozenset(declared)) if h.is_offered]


def test_what_is_offered_comes_behind_what_it_needs():
    found = [helper.name for helper in offer_helpers(["quantities"], {}, frozenset)]
    assert found.index("_NUMBER") < found.index("find_numbers") < found.index("quantities_in")
    assert len(found) == len(set(found))
    assert offered(["quantities"]) == ["quantities_in", "quantity_in"]
    assert set(offered(["quantities", "numbers"])) == {*offered(["numbers"]), *offered(["quantities"])}
    assert offered([]) == []


def test_a_name_stands_for_one_thing():
    every = offered(["dates"])
    assert offered(["dates"], {"dates_in": ""}) == [name for name in every if name != "dates_in"]
    assert offered(["dates"], {"_MONTH": "_MONTH = 3"}) == ["times_in", "relative_date"]
    assert offered(["dates"], {"_MONTH": read_catalogue()["_MONTH"].text}) == every
    assert offered(["dates"], {"re": Import(module="regex", name=None, bound="re")}) == []
    assert offered(["dates"], {"re": RE, "other": ""}) == every


def test_a_library_must_be_declared():
    assert offered(["http"]) == ["fetch_text", "fetch_json", "post_json"]
    assert offered(["http"], declared={"sqlalchemy"}) == []
    assert offered(["notification"], declared=()) == ["compose_mail", "send_mail"]


def test_where_no_library_is_needed_nobody_looks_for_one():
    asked = []
    assert offer_helpers(["numbers", "spans"], {}, lambda: asked.append(1) or frozenset())
    assert asked == []
