"""`duthao instrument` and `duthao compare --docx` on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from duthao.cli import main
from duthao.commands import instrument
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.amend.templates import DEFAULTS, Templates
from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document
from duthao.domain.structure import parse
from tests.support.texts import counter

LAW = Path(__file__).resolve().parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"
BEFORE, AFTER = str(LAW / "before.txt"), str(LAW / "after.txt")


def test_the_instrument_of_a_real_law_is_proved_and_applies_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "sua-doi.txt"
    assert main(["instrument", BEFORE, AFTER, "--text", str(written)]) == 0
    assert "“2a. Cơ quan, tổ chức, cá nhân" in written.read_text(encoding="utf-8")
    assert main(["apply", BEFORE, str(written), "--article", "1"]) == 0
    applied = parse(capsys.readouterr().out, new_id=counter()).document
    wanted = parse(Path(AFTER).read_text(encoding="utf-8"), new_id=counter()).document
    assert [p.text for p in applied.provisions] == [p.text for p in wanted.provisions]


def test_it_is_written_in_every_form_and_shown_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / f"i.{name}" for name in ("docx", "json")}
    assert (
        main(["instrument", BEFORE, AFTER, *(w for n, f in files.items() for w in (f"--{n}", str(f)))]) == 0
    )
    value = json.loads(files["json"].read_text(encoding="utf-8"))
    assert (value["proved"], value["exact"], value["differences"]) == (True, True, [])
    assert files["docx"].read_bytes()[:2] == b"PK"
    assert main(["instrument", BEFORE, AFTER]) == 0
    assert "Bãi bỏ khoản 7 Điều 57." in capsys.readouterr().out


def test_a_draft_numbered_anew_is_said_to_keep_old_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instrument", BEFORE, str(LAW / "after-renumbered.txt")]) == 0
    said = capsys.readouterr().err
    assert "giữ số cũ" in said
    assert "khoản 11 Điều 10: “Điều 50, Điều 51” giữ như văn bản hiện hành" in said


def test_an_office_may_use_its_own_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = tmp_path / "cau.toml"
    toml.write_text('repeal = "Hủy bỏ {targets}"\n', encoding="utf-8")
    assert main(["instrument", BEFORE, AFTER, "--templates", str(toml)]) == 0
    assert "Hủy bỏ khoản 7 Điều 57." in capsys.readouterr().out
    assert main(["templates", str(toml)]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == DEFAULTS | {"repeal": "Hủy bỏ {targets}"}
    (tmp_path / "cau.json").write_text(printed, encoding="utf-8")
    assert main(["templates", str(tmp_path / "cau.json")]) == 0
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"repeal": "Th\xc3\xb4i {targets}"}', "template_unreadable"),
        (b'{"repeal": 3}', "template_file"),
        (b"[1]", "template_file"),
        (b"repeal = ", "template_file"),
        (b"\xff", "template_file"),
        (b" " * 70_000, "template_file"),
        (b'{"abolish": "x"}', "template_unknown"),
    ],
)
def test_sentences_that_will_not_do_are_refused(
    content: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cau.json").write_bytes(content)
    assert main(["instrument", BEFORE, AFTER, "--templates", str(tmp_path / "cau.json")]) == 2
    assert f"[{code}]" in capsys.readouterr().err


def test_what_cannot_be_proved_is_named_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(before: Document, after: Document, comparison: Comparison, _: Templates) -> Proof:
        wording = Templates({"amend": "{targets}, nội dung mới là", "repeal": "Thôi {targets}"})
        return proved(before, after, comparison, wording)

    monkeypatch.setattr(instrument, "proved", unreadable)
    out = tmp_path / "o.txt"
    assert main(["instrument", BEFORE, AFTER, "--text", str(out)]) == 1
    assert not out.exists()
    said = capsys.readouterr().err
    assert "không cho đúng dự thảo" in said
    assert "khoản 7 Điều 57" in said or "Điều 69" in said


def test_two_texts_from_one_stream_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instrument", "-", "-"]) == 2
    assert "[compare_stdin_twice]" in capsys.readouterr().err


def test_the_table_as_a_word_file(tmp_path: Path) -> None:
    file = tmp_path / "bang.docx"
    assert main(["compare", BEFORE, AFTER, "--docx", str(file)]) == 0
    assert file.read_bytes()[:2] == b"PK"
