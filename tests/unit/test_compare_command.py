"""`duthao compare`: its outputs, exit codes and refusals."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from duthao.commands import compare as command
from duthao.domain.errors import Refusal
from tests.support.commands import VI, runner

BEFORE = "Điều 1. Chế độ họp\n1. Ban Thường vụ họp mỗi tháng một lần.\n2. Văn phòng ghi biên bản.\n"
AFTER = BEFORE.replace("một lần", "hai lần")
run = runner(command)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "before.txt").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "after.txt").write_text(AFTER, encoding="utf-8")
    return str(tmp_path / "before.txt"), str(tmp_path / "after.txt")


def test_the_terminal_shows_what_changed(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*files) == 0
    shown = capsys.readouterr().out
    assert "[-một-]" in shown
    assert "{+hai+}" in shown
    assert "biên bản" not in shown


def test_all_shows_what_stays(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*files, "--all") == 0
    assert "biên bản" in capsys.readouterr().out


def test_exit_code_tells_a_difference(files: tuple[str, str]) -> None:
    assert run(*files, "--exit-code") == 1
    assert run(files[0], files[0], "--exit-code") == 0


def test_files_are_written_and_the_terminal_stays_quiet(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, data = tmp_path / "t.html", tmp_path / "t.json"
    assert run(*files, "--html", str(page), "--json", str(data)) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    found = json.loads(data.read_bytes())
    assert (found["renumbered"], found["references"]) == ([], [])
    assert [row["class"] for row in found["rows"]] == [
        "unchanged",
        "amended",
        "unchanged",
    ]
    assert capsys.readouterr().out == ""


def test_one_side_may_be_standard_input(
    files: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(AFTER.encode())))
    assert run(files[0], "-", "--json", "-") == 0
    assert json.loads(capsysbinary.readouterr().out)["rows"][1]["class"] == "amended"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-", "-"), "compare_stdin_twice"),
        (("{0}", "{1}", "--json", "-", "--html", "-"), "compare_stdout_twice"),
        (("{0}", "missing.txt"), "file_unreadable"),
        (("{0}", "{1}", "--html", "/nowhere/at/all.html"), "file_unwritable"),
    ],
)
def test_bad_input_is_refused(files: tuple[str, str], arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        run(*(argument.format(*files) for argument in arguments))
    assert refused.value.code == code
    assert not VI.refusal(refused.value).startswith("[")


def test_a_refusal_names_the_file(files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(Refusal) as refused:
        run(files[0], str(tmp_path / "bad.txt"))
    assert refused.value.code == "compare_input"
    assert "bad.txt" in VI.refusal(refused.value)


def test_columns_and_rows_by_article_reach_the_page(files: tuple[str, str], tmp_path: Path) -> None:
    page = tmp_path / "t.html"
    for columns in (2, 3, 4):
        assert run(*files, "--columns", str(columns), "--by", "article", "--html", str(page)) == 0
        head = page.read_text(encoding="utf-8").split("</thead>")[0]
        assert head.count('<th scope="col">') == columns + 1


def test_figures_alone(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*files, "--stats") == 0
    said = capsys.readouterr().out
    assert "Sửa đổi, bổ sung: 1" in said
    assert "[-" not in said


def test_a_third_text_stands_beside_the_two(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    third, page, data = tmp_path / "third.txt", tmp_path / "t.html", tmp_path / "t.json"
    third.write_text(AFTER.replace("biên bản", "biên bản phiên họp"), encoding="utf-8")
    assert run(*files, "--third", str(third), "--html", str(page), "--json", str(data), "--exit-code") == 1
    shown = page.read_text(encoding="utf-8")
    assert all(f'<th scope="col">{name}</th>' in shown for name in ("after", "third"))
    assert 'class="why"' not in shown
    found = json.loads(data.read_bytes())
    assert [one["class"] for one in found["second"]["rows"]] == ["unchanged", "unchanged", "amended"]
    assert found["joined"] == [{"first": [n], "second": [n]} for n in range(3)]
    assert run(files[0], files[0], "--third", files[0], "--exit-code") == 0
    assert run(*files, "--third", str(third), "--columns", "3") == 0
    assert "{+phiên họp+}" in capsys.readouterr().out


def test_only_one_of_three_texts_is_standard_input(files: tuple[str, str]) -> None:
    with pytest.raises(Refusal, match="compare_stdin_twice"):
        run("-", files[1], "--third", "-")


def test_the_json_tells_old_and_new_numbers_and_the_references_left_behind(tmp_path: Path) -> None:
    old = (
        "Điều 1. Chế độ họp\n1. Ban Thường vụ họp mỗi tháng một lần, kinh phí theo khoản 1 Điều 2.\n"
        "Điều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm theo dự toán được duyệt hằng năm.\n"
    )
    before, after, data = tmp_path / "before.txt", tmp_path / "after.txt", tmp_path / "t.json"
    before.write_text(old, encoding="utf-8")
    moved = old.replace("Điều 2. K", "Điều 3. K").replace("Điều 1. C", "Điều 2. C")
    added = "Điều 1. Phạm vi\n1. Quy chế này quy định nguyên tắc, lề lối làm việc của cấp ủy.\n"
    after.write_text(added + moved, encoding="utf-8")
    assert run(str(before), str(after), "--json", str(data)) == 0
    found = json.loads(data.read_bytes())
    assert [(one["before_cited"], one["after_cited"]) for one in found["renumbered"]][:2] == [
        ("Điều 1", "Điều 2"),
        ("khoản 1 Điều 1", "khoản 1 Điều 2"),
    ]
    (reference,) = found["references"]
    assert (reference["where"], reference["quote"], reference["repaired"]) == (
        "khoản 1 Điều 2",
        "khoản 1 Điều 2",
        "khoản 1 Điều 3",
    )
