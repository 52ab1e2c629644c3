"""`duthao outline FILE`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from duthao.commands import outline
from tests.support.commands import runner

run = runner(outline)


def test_the_tree_with_counts_and_doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("LUẬT\nVIỆC\nĐiều 1. A\n1. B\na) C\nĐiều 3. D\n", encoding="utf-8")
    assert run(str(file)) == 0
    printed = capsys.readouterr().out
    assert "LUẬT\nVIỆC\nĐiều 1. A\n  1. B\n    a) C\nĐiều 3. D\n" in printed
    assert "2 điều, 1 khoản, 1 điểm" in printed
    assert "dòng 6: Số không liền với số đứng trước." in printed
    assert "[" not in printed  # no missing message


def test_json_has_levels_and_paths(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = io.TextIOWrapper(io.BytesIO("Điều 1. A\n1. B".encode()))
    monkeypatch.setattr("sys.stdin", source)
    assert run("-", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["provisions"][1] == {
        "kind": "clause", "label": "1.", "text": "B", "level": 1, "path": "dieu:1/khoan:1",
    }  # fmt: skip
    assert found["counts"] == {"article": 1, "clause": 1}
    assert found["doubts"] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "không có nội dung"), (b"%PDF-1", "không phải là văn bản"), (b"a\nb\xff", "dòng 2"),
     ("C«ng hoµ x· héi chñ nghÜa ViÖt Nam".encode(), "TCVN3 (ABC)")],
)  # fmt: skip
def test_bad_input_is_named_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: str
) -> None:
    file = tmp_path / "xấu.txt"
    file.write_bytes(data)
    assert run(str(file)) == 2
    said = capsys.readouterr().err
    assert str(file) in said
    assert words in said


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path / "không có.txt")) == 2
    assert "Không mở được tệp" in capsys.readouterr().err
