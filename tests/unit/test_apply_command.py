"""`duthao apply`: the resulting text, the report, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from duthao.commands import apply as command
from duthao.domain.errors import Refusal
from tests.support.commands import runner

BASE = "QUY CHẾ\nLàm việc của cơ quan\nĐiều 1. Họp\n1. Họp mỗi tháng.\n2. Ghi biên bản.\n"
AMENDING = "Điều 1. Sửa đổi, bổ sung một số điều\n1. Sửa đổi khoản 1 Điều 1 như sau:\n“1. Họp mỗi quý.”.\n"
run = runner(command)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "before.txt").write_text(BASE, encoding="utf-8")
    (tmp_path / "amending.txt").write_text(AMENDING, encoding="utf-8")
    return str(tmp_path / "before.txt"), str(tmp_path / "amending.txt")


def test_the_resulting_text_goes_to_standard_output(
    files: tuple[str, str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(*files) == 0
    shown = capfdbinary.readouterr()
    assert "1. Họp mỗi quý.\n2. Ghi biên bản.\n" in shown.out.decode("utf-8")
    assert "không áp dụng được 0" in shown.err.decode("utf-8")


def test_what_could_not_be_applied_is_named_and_the_rest_is_done(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "amending.txt").write_text(AMENDING + "2. Bãi bỏ Điều 9.\n", encoding="utf-8")
    output, report = tmp_path / "after.txt", tmp_path / "report.json"
    assert run(*files, "-o", str(output), "--json", str(report)) == 1
    assert "1. Họp mỗi quý." in output.read_text(encoding="utf-8")
    shown = capsys.readouterr().err
    assert "khoản 2 Điều 1 (dòng 4)" in shown
    assert "không có Điều 9" in shown
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["applied"][0]["changes"] == [{"kind": "amended", "path": "dieu:1/khoan:1", "count": 1}]
    assert told["refused"][0]["code"] == "amend_address_not_found"
    assert told["refused"][0]["message"].startswith("Trong văn bản")


def test_one_article_can_be_chosen(files: tuple[str, str], tmp_path: Path) -> None:
    more = AMENDING + "Điều 2. Bãi bỏ Điều 1.\n"
    (tmp_path / "amending.txt").write_text(more, encoding="utf-8")
    assert run(*files, "--article", "1", "-o", str(tmp_path / "after.txt")) == 0
    assert "Điều 1. Họp" in (tmp_path / "after.txt").read_text(encoding="utf-8")
    with pytest.raises(Refusal, match="amend_no_such_article"):
        run(*files, "--article", "7")


def test_a_text_without_instructions_is_an_error(files: tuple[str, str]) -> None:
    with pytest.raises(Refusal, match="apply_nothing"):
        run(files[0], files[0])


def test_input_and_output_are_checked(files: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="file_unreadable"):
        run(files[0], str(tmp_path / "none.txt"))
    with pytest.raises(Refusal, match="apply_stdin_twice"):
        run("-", "-")
    with pytest.raises(Refusal, match="apply_stdout_twice"):
        run(*files, "--json", "-")
    (tmp_path / "binary.txt").write_bytes(b"%PDF-1.7")
    with pytest.raises(Refusal, match="apply_input"):
        run(files[0], str(tmp_path / "binary.txt"))
    with pytest.raises(Refusal, match="file_unwritable"):
        run(*files, "-o", str(tmp_path / "none" / "after.txt"))
