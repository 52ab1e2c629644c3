"""`duthao convert-encoding`: shows first, writes where it is told to, and never on a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from duthao.cli import main
from duthao.domain.encodings.conversion import from_unicode

WORDS = "QUY CHẾ LÀM VIỆC\nĐảng ủy họp thường kỳ mỗi tháng một lần, khi cần thì họp bất thường.\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "cu.txt"
    path.write_bytes(from_unicode(WORDS, "tcvn3").codes.encode("latin-1"))
    return path


def test_it_shows_and_writes_nothing_unless_told(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = old.read_bytes()
    assert main(["convert-encoding", str(old)]) == 0
    said = capsys.readouterr().err
    assert "TCVN3 (ABC)" in said
    assert "→ QUY CHẾ LÀM VIỆC" in said
    assert "--in-place" in said
    assert (old.read_bytes(), len(list(old.parent.iterdir()))) == (before, 1)


def test_a_folder_and_in_place(old: Path, tmp_path: Path) -> None:
    out = tmp_path / "moi"
    assert main(["convert-encoding", str(old), "--out", str(out)]) == 0
    assert (out / "cu.txt").read_text(encoding="utf-8") == WORDS
    assert main(["convert-encoding", str(old), "--in-place"]) == 0
    assert old.read_text(encoding="utf-8") == WORDS
    assert main(["convert-encoding", str(old), "--to", "vni", "--in-place"]) == 0
    assert main(["convert-encoding", str(old), "--from", "vni", "--in-place"]) == 0
    assert old.read_text(encoding="utf-8") == WORDS


def test_what_cannot_be_is_refused_and_the_others_are_done(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unsure, odd = tmp_path / "ngan.txt", tmp_path / "la.txt"
    unsure.write_text("C«ng viÖc", encoding="utf-8")
    odd.write_text("Đảng 漢", encoding="utf-8")
    out = str(tmp_path / "moi")
    files = [str(path) for path in (unsure, tmp_path / "thieu.txt", old)]
    assert main(["convert-encoding", *files, "--out", out]) == 1
    said = capsys.readouterr().err
    assert "[encoding_unsure]" in said
    assert "[file_unreadable]" in said
    assert (tmp_path / "moi" / "cu.txt").exists()
    assert main(["convert-encoding", str(odd), "--to", "tcvn3", "--out", out]) == 1
    assert "[encoding_missing]" in capsys.readouterr().err
    assert main(["convert-encoding", str(old), "--out", str(tmp_path)]) == 1
    assert "[encoding_same_file]" in capsys.readouterr().err


def test_mending_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pdf.txt"
    path.write_text("Ban Qu ản lý phải đápứng yêu cầu\n", encoding="utf-8")
    assert main(["convert-encoding", str(path), "--mend", "--in-place"]) == 0
    assert path.read_text(encoding="utf-8") == "Ban Quản lý phải đáp ứng yêu cầu\n"
    assert "Nối lại 1 âm tiết" in capsys.readouterr().err
