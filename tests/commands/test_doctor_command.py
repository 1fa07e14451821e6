from __future__ import annotations

from importlib import metadata, util
from pathlib import Path

import pytest

from pytest_compiled_ai.commands.doctor import Finding, examine
from pytest_compiled_ai.config import Config, ProviderSettings
from pytest_compiled_ai.providers.catalogue import DEFAULT
from pytest_compiled_ai.providers.model_files import FOLDER_VARIABLE


@pytest.fixture(autouse=True)
def _no_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "models"))


def by_subject(settings: Config | None) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


def test_without_a_project_it_says_so_and_looks_at_the_machine() -> None:
    found = by_subject(None)
    assert found["versions"].text.startswith("compiled-ai ")
    assert "pytest 9" in found["versions"].text
    assert found["isolation of bodies"].text.startswith("sealed") or not found["isolation of bodies"].is_good
    assert found["isolation of tests"].text.startswith("jailed") or not found["isolation of tests"].is_good
    assert found["project"] == Finding(subject="project", text="none here; run `compiled-ai init`", is_good=False)
    assert "absent; fetch one with `compiled-ai model prepare`" in found["embedded model"].text
    assert not found["embedded model"].is_good


def test_a_key_is_told_by_name_and_never_by_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIG_KEY", "sk-secret-of-mine")
    monkeypatch.delenv("OTHER_KEY", raising=False)
    providers = {"big": ProviderSettings(api_key_env="BIG_KEY"), "other": ProviderSettings(api_key_env="OTHER_KEY")}
    found = by_subject(Config(root=tmp_path, provider="big", providers=providers))
    assert found["provider big"] == Finding(subject="provider big", text="BIG_KEY is set")
    assert found["provider other"] == Finding(subject="provider other", text="OTHER_KEY is not set")
    assert "sk-secret" not in str(found)
    assert found["project"].text == f"{tmp_path}, specs in specs"
    assert found["embedded model"].is_good, "it is not needed here"


def test_a_key_that_is_needed_and_not_set_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found = by_subject(Config(root=tmp_path, provider="openai"))
    assert found["provider openai"] == Finding(
        subject="provider openai", text="OPENAI_API_KEY is not set", is_good=False
    )


def test_the_embedded_model_has_no_key_and_needs_its_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    found = by_subject(Config(root=tmp_path, provider="embedded"))
    assert not [subject for subject in found if subject.startswith("provider")]
    assert not found["embedded server"].is_good
    assert "pytest-compiled-ai[embedded]" in found["embedded server"].text


def test_a_library_that_is_not_there_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "xllamacpp":
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(metadata, "version", version)
    assert by_subject(None)["versions"].text.endswith("rich 1.0, xllamacpp absent")


def test_a_model_that_is_there_needs_no_advice(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    with (tmp_path / "models" / DEFAULT.file).open("wb") as file:
        file.truncate(DEFAULT.size)
    found = by_subject(None)["embedded model"]
    assert found.is_good
    assert found.text.startswith(f"{DEFAULT.name} unverified, ")
    assert "prepare" not in found.text
