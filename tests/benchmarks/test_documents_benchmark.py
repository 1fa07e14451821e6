"""The benchmark of reading receipts, on invented ones, with bodies from a script."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from documents_bodies import BODIES, Author
from doubles import NoMypy

from pytest_compiled_ai.artifacts.module import render_module
from pytest_compiled_ai.compiler import workshop
from pytest_compiled_ai.compiler.assembly import assemble
from pytest_compiled_ai.compiler.missing_imports import add_imports
from pytest_compiled_ai.compiler.project import Project
from pytest_compiled_ai.compiler.reply import read_reply
from pytest_compiled_ai.config import load_config
from pytest_compiled_ai.gates.base import Stage, passing
from pytest_compiled_ai.providers.base import Message, Request
from pytest_compiled_ai.sandbox.worker.tier import detect_sealed_tier
from pytest_compiled_ai.specs.order import compile_order
from pytest_compiled_ai.testing import fenced, make_reply

ROOT = Path(__file__).parents[2]
MODULES = ("baseline", "curve", "ledger", "project", "reading", "receipts", "run", "runtime", "score")
SPEC = '''
from pytest_compiled_ai import spec

@spec(golden="data/company.jsonl", threshold=0.1)
def first_row(rows: list[str]) -> str:
    """Return what stands before the bracket in the first row."""

def test_first_row() -> None:
    assert first_row(["A B (1)", "C"]) == "A B"

@spec
def other(rows: list[str]) -> str:
    """Return the second row."""

def test_other() -> None:
    assert other(["A", "B"]) == "B"
'''
FIRST_ROW = """
def first_row(rows: list[str]) -> str:
    return rows[0].partition("(")[0].strip()
"""
FORMS = ("{d:02}/11/2018", "{d:02}-11-18", "{d} NOV 2018", "2018-11-{d:02}")


@pytest.fixture(scope="module")
def documents():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        return SimpleNamespace(**{name: importlib.import_module(f"benchmarks.documents.{name}") for name in MODULES})


def invent(number):
    """Return an invented receipt as the data holds it; every seventh has its total where nobody looks for it."""
    date, total = FORMS[number % 4].format(d=1 + number % 28), f"{number + 10}.90"
    texts = [
        (f"SHOP OF {chr(65 + number % 26)}NNE SDN BHD (65{number:04}-K)", ""),
        ("NO 7, JALAN MAWAR", ""),
        (f"DATE: {date}", ""),
        ("TEH TARIK", "1.50"),
        ("SUB TOTAL", "3.00"),
        ("JUMLAH" if number % 7 == 0 else "GRAND TOTAL", f"RM{total}"),
        ("CASH", "99.00"),
    ]
    lines = []
    for row, (left, right) in enumerate(texts):
        top = 30 * row
        lines.append({"x0": 10, "y0": top, "x1": 90, "y1": top + 20, "text": left})
        if right:
            lines.append({"x0": 200, "y0": top + 2, "x1": 250, "y1": top + 21, "text": right})
    company = texts[0][0].partition(" (")[0]
    return {
        "id": f"made-{number}",
        "lines": lines,
        "fields": {"company": company, "date": date, "total": f"RM {total}"},
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("receipts")
    lines = [json.dumps(invent(number)) for number in range(30)]
    (folder / "receipts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Confirmed:
    """Stands for the last gate, which takes longer than all the others."""

    name, stage = "confirm", Stage.ACCURACY

    def __init__(self, *_):
        pass

    def check(self, *_):
        return passing(self)


@pytest.fixture(scope="module")
def compiled(documents, data, tmp_path_factory):
    """Write the project with the bodies of a person in its artifacts, which no gate has seen."""
    if not (tier := detect_sealed_tier()).verified:
        pytest.skip(f"no sealed tier: {tier.problem}")
    out = tmp_path_factory.mktemp("out")
    labelled, _ = documents.receipts.split(documents.receipts.read_receipts(data))
    documents.project.write_project(out / "project", labelled, {"provider": "embedded"})
    write_artifacts(Project(load_config(out / "project")))
    line = {"prompt_tokens": 100, "completion_tokens": 20}
    rows = [json.dumps({"id": name, **line}) for name in BODIES]
    (out / "compile.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return out


def write_artifacts(project):
    for file, stub in compile_order(project.files):
        subject = project.subject(file, stub)
        body = read_reply(make_reply(fenced(BODIES[stub.name])), stub)
        added = add_imports(body, subject)
        module = assemble(project.artifact(file) or project.blank(file), subject, added, "v1:0")
        file.target.parent.mkdir(parents=True, exist_ok=True)
        (file.target.parent / "__init__.py").touch()
        file.target.write_text(render_module(module), encoding="utf-8")


def test_the_bodies_of_a_person_pass_the_tests_of_every_spec(compiled):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "specs"]
    done = subprocess.run(command, cwd=compiled / "project", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_compiled_is_not_compiled_again(documents, data, tmp_path, monkeypatch):
    specs = tmp_path / "here" / "specs"
    specs.mkdir(parents=True)
    (tmp_path / "here" / "receipt_types.py").write_text("", encoding="utf-8")
    (specs / "receipt_date.py").write_text(SPEC, encoding="utf-8")
    author = Author({"first_row": FIRST_ROW})
    monkeypatch.setattr(documents.project, "HERE", tmp_path / "here")
    monkeypatch.setattr(workshop, "MypyProcess", NoMypy)
    monkeypatch.setattr(workshop, "Confirm", Confirmed)
    monkeypatch.setattr(documents.run, "create_providers", lambda *_: (author,))
    monkeypatch.setattr(sys, "path", [*sys.path])
    arguments = ["--data", str(data), "--out", str(tmp_path / "out"), "--attempts", "2"]
    for _ in range(2):
        assert documents.run.main(arguments) == 1
    assert len(author.prompts) == 3
    first, other = documents.ledger.read_ledger(tmp_path / "out" / "compile.jsonl")
    assert (first["outcome"], first["attempts"], first["prompt_tokens"]) == ("compiled", 1, 10)
    assert (other["outcome"], other["attempts"], other["prompt_tokens"]) == ("failed", 2, 20)


def test_the_labelled_receipts_are_chosen_by_their_hash_alone(documents, data):
    receipts = documents.receipts.read_receipts(data)
    labelled, unseen = documents.receipts.split(receipts[::-1])
    assert (len(labelled), len(unseen)) == (20, 10)
    assert labelled == receipts[:20]
    assert max(map(documents.receipts.rank, labelled)) < min(map(documents.receipts.rank, unseen))


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("total", "RM 1,234.50", "1234.50"),
        ("total", "$8.70", "8.70"),
        ("total", "-RM0.02", "-0.02"),
        ("total", "RM-0.02", "-0.02"),
        ("total", "9.00", "9.00"),
        ("company", " B & B  SDN BHD ", "B & B SDN BHD"),
        ("date", "07/11/2018", "07/11/2018"),
    ],
)
def test_fields_are_compared_as_text(documents, field, text, expected):
    assert documents.receipts.normalise(field, text) == expected


@pytest.mark.parametrize("text", ["", "{}\n", "no json", '{"id": 1, "lines": [], "fields": {}}'])
def test_bad_data_ends_with_one_line(documents, tmp_path, capsys, text):
    path = tmp_path / "receipts.jsonl"
    path.write_text(text, encoding="utf-8")
    assert documents.run.main(["--data", str(path), "--out", str(tmp_path)]) == 2
    assert documents.score.main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert documents.runtime.main(["--data", str(tmp_path / "none"), "--out", str(tmp_path)]) == 2
    assert [line[:35] for line in capsys.readouterr().err.splitlines()] == ["benchmarks.documents: no receipts i"] * 3


def test_nothing_is_scored_before_it_is_compiled(documents, data, tmp_path, capsys):
    assert documents.score.main(["--data", str(data), "--out", str(tmp_path)]) == 2
    assert documents.curve.main(["--out", str(tmp_path)]) == 2
    (tmp_path / "runtime.jsonl").write_text('{"prompt_tokens": 1, "completion_tokens": 1}\n', encoding="utf-8")
    assert documents.curve.main(["--out", str(tmp_path)]) == 2
    assert "compile.jsonl has no line" in capsys.readouterr().err


def test_the_baseline_reads_what_it_was_written_for(documents):
    boxes = [
        (10, 10, 90, 28, "TEH BUNGA"),
        (10, 40, 90, 58, "SDN BHD (654321-K)"),
        (10, 70, 90, 88, "TAX INVOICE 07/11/201813:04"),
        (10, 100, 90, 118, "TOTAL"),
        (200, 99, 250, 117, "1,009.00"),
        (10, 130, 90, 148, "GST SUMMARY"),
        (10, 160, 90, 178, "TOTAL 8.00"),
    ]
    found = documents.baseline.read_receipt(boxes)
    assert found == {"company": "TEH BUNGA SDN BHD", "date": "07/11/2018", "total": "1009.00"}
    assert documents.baseline.read_receipt([]) == {"company": "", "date": "", "total": ""}
    assert documents.baseline.find_total(["MUG 19.90", "27.40", "CASH 50.00"]) == "27.40"
    assert documents.baseline.find_total(["TOTAL", "RM 3.50"]) == "3.50"
    assert documents.baseline.find_company(["TAX INVOICE", "LAKSA HOUSE", "NO 7 JALAN"]) == "LAKSA HOUSE"


def test_only_labelled_receipts_get_into_the_project(documents, data, compiled):
    labelled, unseen = documents.receipts.split(documents.receipts.read_receipts(data))
    golden = {path.stem: path.read_text(encoding="utf-8") for path in (compiled / "project/data").iterdir()}
    assert sorted(golden) == ["company", "date", "receipt", "total"]
    assert all(len(text.splitlines()) == 20 for text in golden.values())
    for receipt in unseen:
        assert not any(receipt.truth["company"] in text for text in golden.values()) or any(
            other.truth["company"] == receipt.truth["company"] for other in labelled
        )
        assert f"65{receipt.id.removeprefix('made-'):>04}-K" not in golden["receipt"]
    row = json.loads(golden["total"].splitlines()[0])
    assert row["expected"] == documents.receipts.normalise("total", labelled[0].truth["total"])
    assert row["input"][0][0] == labelled[0].boxes[0][4]


def test_the_reader_is_scored_on_the_others_beside_the_baseline(documents, data, compiled, capsys):
    assert documents.score.main(["--data", str(data), "--out", str(compiled)]) == 0
    found = {row["field"]: row for row in json.loads((compiled / "score.json").read_text(encoding="utf-8"))}
    assert {row["receipts"] for row in found.values()} == {10}
    assert (found["company"]["right"], found["date"]["right"]) == (10, 10)
    assert found["total"]["right"] + found["total"]["only_other"] >= found["total"]["other_right"]
    said = capsys.readouterr().out
    assert "| company | 10 of 10 = 100.0% (72.2% to 100.0%) |" in said
    assert said.count("| mean of the fields |") == 2
    plain = {row["field"]: row for row in json.loads((compiled / "score-expressions.json").read_text(encoding="utf-8"))}
    assert (plain["company"]["other_right"], plain["date"]["other_right"]) == (10, 10)


def test_two_readers_are_paired(documents):
    receipts = [SimpleNamespace(truth={"company": "A", "date": "D", "total": "$1.00"}) for _ in range(4)]
    right, wrong = {"company": "A", "date": "D", "total": "1.00"}, {"company": "B", "date": "D", "total": "1.0"}
    company, date, total = documents.score.pair(receipts, [right] * 3 + [wrong], [wrong, wrong, right, right])
    assert (company.right, company.other_right, company.only_one, company.only_other) == (3, 2, 2, 1)
    assert (company.points, company.p) == (25.0, 1.0)
    assert (date.right, date.other_right, date.points, date.p) == (4, 4, 0.0, 1.0)
    assert total.right == 3


def test_the_model_is_asked_at_run_time_once_for_each_receipt(documents, data, compiled, monkeypatch, capsys):
    answer = 'Sure: {"company": "SHOP OF ANNE SDN BHD", "date": 7, "total": null}'
    author = Author(answer=answer)
    monkeypatch.setattr(documents.run, "create_providers", lambda *_: (author,))
    arguments = ["--data", str(data), "--out", str(compiled), "--limit", "4"]
    assert documents.runtime.main(arguments) == 0
    assert documents.runtime.main(arguments) == 0
    assert len(author.prompts) == 4
    assert "GRAND TOTAL RM" in "".join(author.prompts)
    lines = [json.loads(line) for line in (compiled / "runtime.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[0]["fields"] == {"company": "SHOP OF ANNE SDN BHD", "date": "7", "total": ""}
    assert {row["receipts"] for row in json.loads((compiled / "runtime.json").read_text(encoding="utf-8"))} == {4}
    assert "only model" in capsys.readouterr().out
    assert documents.curve.main(["--out", str(compiled)]) == 0
    figures = json.loads((compiled / "amortization.json").read_text(encoding="utf-8"))
    assert (figures["specs"], figures["calls measured"]) == (16, 4)
    assert figures["break-even"] == -(-figures["generation tokens"] // round(figures["tokens of a call"]))
    assert (compiled / "amortization.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("text", ["", "no object", "{broken}", "[1, 2]", '{"company": {}'])
def test_a_reply_without_an_object_has_empty_fields(documents, text):
    assert documents.runtime.read_answer(text) == {"company": "", "date": "", "total": ""}


def test_a_spec_that_is_run_again_counts_once(documents, tmp_path):
    path = tmp_path / "compile.jsonl"
    path.write_text('{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n{"id": "a", "n": 3}\n', encoding="utf-8")
    assert documents.ledger.read_ledger(path) == [{"id": "a", "n": 3}, {"id": "b", "n": 2}]


def test_a_reader_that_raises_or_dies_misses(documents, compiled, data, tmp_path):
    project = tmp_path / "project"
    generated = project / "src" / "generated"
    generated.mkdir(parents=True)
    (generated / "__init__.py").touch()
    receipts = documents.receipts.read_receipts(data)[:2]
    bodies = {"raise ValueError": "", "import os; os._exit(3)": "", "return 3": "", "return {'total': 3}": "3"}
    for body, total in bodies.items():
        text = f"def read_receipt(boxes):\n    {body}\n"
        (generated / "receipt_reader.py").write_text(text, encoding="utf-8")
        assert documents.reading.read_all(project, receipts) == [{"company": "", "date": "", "total": total}] * 2


def test_the_script_answers_for_the_function_that_is_asked_for():
    said = "def clean_name(row: str) -> str:\n    ...\ndef find_company(rows: list[str]) -> str:\n"
    request = Request(messages=(Message(role="system", content=""), Message(role="user", content=said)))
    assert "possible_names" in Author().complete(request).text
    assert Author({}, "no").complete(request) == make_reply("no")
