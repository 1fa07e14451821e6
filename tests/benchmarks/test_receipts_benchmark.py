from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "receipts.py"
ARTIFACT = """
from decimal import Decimal

def receipt_total(boxes):
    texts = [box[4] for box in boxes]
    if "BOOM" in texts:
        raise IndexError("boom")
    return Decimal(texts[-1]) if texts else None
"""


def receipt(total: str, *texts: str) -> dict[str, object]:
    lines = [{"x0": 10, "y0": 20 * y, "x1": 90, "y1": 20 * y + 18, "text": text} for y, text in enumerate(texts)]
    return {"id": "made up", "lines": lines, "fields": {"company": "KEDAI SATU", "total": total}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the benchmark in a project of its own, with an artifact and five receipts."""
    (tmp_path / "benchmarks").mkdir()
    shutil.copy(SCRIPT, tmp_path / "benchmarks")
    generated = tmp_path / "src" / "generated"
    generated.mkdir(parents=True)
    (generated / "receipts.py").write_text(ARTIFACT)
    receipts = [
        receipt("9.00", "TOTAL", "9.0"),
        receipt("RM 1,209.00", "TOTAL", "1209.00"),
        receipt("$5.00", "TOTAL", "50.00"),
        receipt("3.20"),
        receipt("3.20", "BOOM"),
    ]
    (tmp_path / "receipts.jsonl").write_text("".join(json.dumps(item) + "\n" for item in receipts))
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "benchmarks/receipts.py", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("data", ["receipts.jsonl", "."])
def test_figures(project: Path, data: str) -> None:
    done = run(project, "--data", data, "--json", "out.json")
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads((project / "out.json").read_text())
    assert figures == {"receipts": 5, "right": 2, "none": 1, "wrong": 1, "error": 1, "accuracy": 0.4}
    assert [line.split()[-2:] for line in done.stdout.splitlines()[1:]] == [
        ["2", "40.0%"],
        ["1", "20.0%"],
        ["1", "20.0%"],
        ["1", "20.0%"],
        ["5", "100.0%"],
    ]
    assert "SROIE (ICDAR 2019)" in done.stdout


@pytest.mark.parametrize(
    "text", [None, "", "no json\n", "[]\n", '{"id": "1"}\n', json.dumps(receipt("no amount")) + "\n"]
)
def test_missing_or_broken_data(project: Path, text: str | None) -> None:
    data = project / "data.jsonl"
    if text is not None:
        data.write_text(text)
    done = run(project, "--data", str(data))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"no receipts in {data}" in done.stderr


@pytest.mark.parametrize("text", [None, "", "from decimal import Decimals\n", "def receipt_total(\n"])
def test_missing_or_broken_artifact(project: Path, text: str | None) -> None:
    artifact = project / "src" / "generated" / "receipts.py"
    artifact.unlink()
    if text is not None:
        artifact.write_text(text)
    done = run(project, "--data", "receipts.jsonl")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "pytest --compile-ai" in done.stderr
