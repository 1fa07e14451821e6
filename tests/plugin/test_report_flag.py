from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from plugin_projects import DOUBLE, NEGATE, NUMBERS, WRONG

pytestmark = pytest.mark.usefixtures("untyped")

FILES = {"specs/numbers.py": NUMBERS}


def test_a_compile_writes_its_report(sandbox):
    sandbox.write(FILES, DOUBLE, NEGATE)
    result = sandbox.run("--compile-ai", "--compile-ai-report", "report.json")
    assert result.ret == 0
    document = json.loads((sandbox.root / "report.json").read_text(encoding="utf-8"))
    assert document["base"] == "before this run"
    assert [(spec["id"], spec["outcome"], spec["body"]["old"]) for spec in document["specs"]] == [
        ("specs/numbers.py::double", "compiled", ""), ("specs/numbers.py::negate", "compiled", "")
    ]  # fmt: skip
    assert document["tokens"] == sum(spec["tokens"] for spec in document["specs"]) > 0


def test_a_compile_that_failed_writes_it_too(sandbox):
    sandbox.write(FILES, DOUBLE, WRONG)
    result = sandbox.run("--compile-ai", "--compile-ai-attempts=1", "--compile-ai-report=report.md")
    assert result.ret == 1
    text = (sandbox.root / "report.md").read_text(encoding="utf-8")
    assert "| `specs/numbers.py::negate` | unchanged | failed |" in text
    assert "negate: no body passed in 1 attempts" in text


def test_the_command_writes_it_too(sandbox):
    from pytest_compiled_ai.cli import main

    sandbox.write(FILES, DOUBLE, NEGATE)
    assert main(["compile", "--report", "report.html"]) == 0
    assert "specs/numbers.py::negate" in (sandbox.root / "report.html").read_text(encoding="utf-8")


def test_a_form_that_no_suffix_stands_for_is_a_usage_error_and_asks_nothing(sandbox):
    sandbox.write(FILES, DOUBLE, NEGATE)
    result = sandbox.run("--compile-ai", "--compile-ai-report=report.txt")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*the report report.txt has no form that is known by its suffix; end its name in *"])
    assert sandbox.asked == 0


def test_a_plain_run_writes_no_report(compiled):
    before = compiled.tree()
    assert compiled.run("--compile-ai-report=report.md", "specs").ret == 0
    assert compiled.tree() == before


def properties(sandbox, *arguments, run="run"):
    result = getattr(sandbox, run)("--junitxml=junit.xml", *arguments, "specs")
    assert result.ret in {0, 1}
    cases = ElementTree.parse(sandbox.root / "junit.xml").iter("testcase")
    return {case.get("name"): [(p.get("name"), p.get("value")) for p in case.iter("property")] for case in cases}


def test_tests_that_gate_a_spec_say_so_in_a_junit_report(compiled):
    record = json.loads((compiled.generated / "numbers.provenance.json").read_text(encoding="utf-8"))["specs"]
    found = properties(compiled)
    double = [
        ("compiled_ai.spec", "specs/numbers.py::double"),
        ("compiled_ai.state", "fresh"),
        ("compiled_ai.body", record["double"]["body_hash"]),
        ("compiled_ai.model", "scripted"),
    ]
    assert found["double"] == found["test_double_of_zero"] == double
    assert found["test_negate"][0] == ("compiled_ai.spec", "specs/numbers.py::negate")


def test_they_say_so_from_xdist_s_workers(compiled):
    found = properties(compiled, "-n", "1", run="run_apart")
    assert found["test_negate"][0] == ("compiled_ai.spec", "specs/numbers.py::negate")


def test_a_spec_without_a_body_has_no_hash_of_it(sandbox):
    sandbox.write(FILES)
    assert properties(sandbox)["test_negate"] == [
        ("compiled_ai.spec", "specs/numbers.py::negate"), ("compiled_ai.state", "missing")
    ]  # fmt: skip


def test_a_record_about_another_body_names_no_model(compiled):
    compiled.edit("src/generated/numbers.provenance.json", '"body_hash": "', '"body_hash": "0')
    names = [name for name, _ in properties(compiled)["test_negate"]]
    assert names == ["compiled_ai.spec", "compiled_ai.state", "compiled_ai.body"]


def test_a_test_of_several_specs_names_each_and_others_none(compiled):
    compiled.edit(
        "specs/numbers.py",
        "def test_negate() -> None:",
        "def test_negate(n: int = 3) -> None:\n    assert double(1) == 2",
    )
    (compiled.root / "specs" / "test_other.py").write_text("def test_other():\n    pass\n", encoding="utf-8")
    found = properties(compiled)
    named = [value for name, value in found["test_negate"] if name == "compiled_ai.spec"]
    assert named == ["specs/numbers.py::double", "specs/numbers.py::negate"]
    assert found["test_other"] == []


def test_parameters_do_not_hide_a_test(compiled):
    compiled.edit(
        "specs/numbers.py",
        "def test_negate() -> None:\n    assert negate(3) == -3",
        "import pytest\n\n\nclass TestIt:\n    @pytest.mark.parametrize('n', [1, 2])\n"
        "    def test_n(self, n: int) -> None:\n        assert negate(n) == -n",
    )
    assert properties(compiled)["test_n[2]"][0] == ("compiled_ai.spec", "specs/numbers.py::negate")


def test_a_spec_that_cannot_be_read_does_not_stop_the_run(compiled):
    (compiled.root / "tests").mkdir()
    (compiled.root / "tests" / "more.py").write_text("def f(:\n", encoding="utf-8")
    compiled.edit("specs/numbers.py", "@spec\ndef negate", '@spec(tests=["tests/more.py"])\ndef negate')
    found = properties(compiled)
    assert found["test_double_of_zero"][0] == ("compiled_ai.spec", "specs/numbers.py::double")
    assert found["test_negate"] == []


def test_items_outside_the_project_are_left_alone(compiled, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "test_far.py"
    other.write_text("def test_far():\n    pass\n", encoding="utf-8")
    assert properties(compiled, str(other))["test_far"] == []


def test_without_a_junit_report_nothing_is_looked_up(compiled, monkeypatch):
    from pytest_compiled_ai import junit

    monkeypatch.setattr(junit, "tag_items", lambda *_: pytest.fail("looked up"))
    assert compiled.run("specs").ret == 0


def test_a_project_of_others_is_left_alone(sandbox):
    (sandbox.root / "specs").mkdir()
    (sandbox.root / "specs" / "test_plain.py").write_text("def test_plain():\n    pass\n", encoding="utf-8")
    assert properties(sandbox)["test_plain"] == []
