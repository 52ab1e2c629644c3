"""The instruction grammar: every phrase found in amending laws, every container, every trap."""

from __future__ import annotations

import pytest

from duthao.domain.amend.finding import describe
from duthao.domain.amend.reading import read_amending
from duthao.domain.amend.values import (
    Amend,
    Insert,
    InsertPhrase,
    Instruction,
    Operation,
    Refused,
    Repeal,
    ReplacePhrases,
)
from duthao.domain.document import FrontMatter

NEW = "“1. Nội dung mới.”."


def shown(operation: Operation) -> str:
    """An operation in one line: its name, its addresses, its place and its phrases."""
    if isinstance(operation, Insert):
        units = ", ".join(describe(unit) for unit in operation.units)
        at = f" {operation.side.value} {describe(operation.anchor)}" if operation.anchor else ""
        return f"insert {units}{at}"
    targets = ", ".join(describe(target) for target in operation.targets)
    if isinstance(operation, Amend):
        return f"amend {targets}"
    if isinstance(operation, Repeal):
        return f"repeal {targets}"
    if isinstance(operation, InsertPhrase):
        beside = f" {operation.beside}" if operation.beside else ""
        return f"phrase +{operation.phrase} {operation.side.value}{beside} @ {targets}"
    pairs = ", ".join(f"{pair.old}→{pair.new}" for pair in operation.pairs)
    return f"phrase {pairs} @ {targets}"


def items(text: str) -> list[list[str] | str]:
    """What a whole amending document says: operations, or the code of a refusal."""
    return [
        item.code if isinstance(item, Refused) else [shown(operation) for operation in item.operations]
        for item in read_amending(text).items
    ]


def one(sentence: str) -> list[str] | str:
    """One instruction as khoản 1 of an amending article, with new text beneath when it asks for some."""
    wants = sentence.rstrip(" .;").endswith(("như sau:", "như sau"))
    return items(f"Điều 1. Sửa đổi, bổ sung một số điều\n1. {sentence}\n" + (NEW if wants else ""))[0]


@pytest.mark.parametrize(
    ("sentence", "operations"),
    [
        # The most frequent patterns of 49 amending laws, in order of frequency (norms B6).
        ("Sửa đổi, bổ sung Điều 5 như sau:", ["amend Điều 5"]),
        ("Sửa đổi, bổ sung khoản 2 Điều 5 như sau:", ["amend khoản 2 Điều 5"]),
        ("Sửa đổi, bổ sung điểm a khoản 2 Điều 5 như sau:", ["amend điểm a khoản 2 Điều 5"]),
        ("Sửa đổi, bổ sung khoản 2 và khoản 3 Điều 5 như sau:", ["amend khoản 2 Điều 5, khoản 3 Điều 5"]),
        ("Bổ sung Điều 5a vào sau Điều 5 như sau:", ["insert Điều 5a after Điều 5"]),
        ("Bổ sung khoản 2a vào sau khoản 2 Điều 5 như sau:", ["insert khoản 2a after khoản 2 Điều 5"]),
        (
            "Sửa đổi, bổ sung các khoản 1, 2 và 3 Điều 5 như sau:",
            ["amend khoản 1 Điều 5, khoản 2 Điều 5, khoản 3 Điều 5"],
        ),
        ("Sửa đổi, bổ sung đoạn mở đầu khoản 2 Điều 5 như sau:", ["amend đoạn mở đầu khoản 2 Điều 5"]),
        (
            "Sửa đổi, bổ sung khoản 2 và bổ sung khoản 2a vào sau khoản 2 Điều 5 như sau:",
            ["amend khoản 2 Điều 5", "insert khoản 2a after khoản 2 Điều 5"],
        ),
        (
            "Bổ sung điểm d1 vào sau điểm d khoản 2 Điều 5 như sau:",
            ["insert điểm d1 after điểm d khoản 2 Điều 5"],
        ),
        ("Thay thế cụm từ “A” bằng cụm từ “B” tại khoản 2 Điều 5;", ["phrase A→B @ khoản 2 Điều 5"]),
        ("Bỏ cụm từ “A” tại khoản 2 Điều 5;", ["phrase A→ @ khoản 2 Điều 5"]),
        ("Bãi bỏ Điều 5.", ["repeal Điều 5"]),
        ("Bãi bỏ khoản 2 Điều 5.", ["repeal khoản 2 Điều 5"]),
        (
            "Bổ sung cụm từ “A” vào trước cụm từ “B” tại khoản 2 Điều 5;",
            ["phrase +A before B @ khoản 2 Điều 5"],
        ),
        (
            "Bổ sung cụm từ “A” vào sau cụm từ “B” tại khoản 2 Điều 5;",
            ["phrase +A after B @ khoản 2 Điều 5"],
        ),
        ("Sửa đổi, bổ sung tên Chương IV như sau:", ["amend tên Chương IV"]),
        # The rare ones.
        ("Bổ sung Chương VIIa vào sau Điều 98a như sau:", ["insert Chương VIIa after Điều 98a"]),
        ("Bổ sung Mục 3 vào sau Mục 2 Chương IV như sau:", ["insert Mục 3 after Mục 2 Chương IV"]),
        (
            "Bổ sung Điều 12a vào trước Điều 13 trong Mục 1 Chương I như sau:",
            ["insert Điều 12a before Điều 13 Mục 1 Chương I"],
        ),
        (
            "Bổ sung cụm từ “A” vào đầu điểm c khoản 2 Điều 5;",
            ["phrase +A start @ điểm c khoản 2 Điều 5"],
        ),
        (
            "Bổ sung cụm từ “A” vào cuối khoản 2 Điều 5;",
            ["phrase +A end @ khoản 2 Điều 5"],
        ),
        ("Thay cụm từ “A” tại khoản 2 Điều 5 bằng cụm từ “B”;", ["phrase A→B @ khoản 2 Điều 5"]),
        (
            "Bổ sung dấu “,” vào sau từ “A” tại khoản 2 Điều 5;",
            ["phrase +, after A @ khoản 2 Điều 5"],
        ),
        ("Sửa đổi, bổ sung khổ đầu khoản 2 Điều 5 như sau:", ["amend đoạn mở đầu khoản 2 Điều 5"]),
        ("Bổ sung khoản 1a vào trước khoản 1 Điều 5 như sau:", ["insert khoản 1a before khoản 1 Điều 5"]),
        ("Sửa đổi, bổ sung tên khoản 7 Điều 5 như sau:", ["amend tên khoản 7 Điều 5"]),
        ("Sửa đổi, bổ sung tên Điều 5 như sau:", ["amend tên Điều 5"]),
        ("Sửa đổi Điều 5 như sau:", ["amend Điều 5"]),
        ("Sửa đổi, bổ sung Phụ lục II như sau:", ["amend Phụ lục II"]),
        ("Hủy bỏ khoản 2 Điều 5;", ["repeal khoản 2 Điều 5"]),
        ("Huỷ bỏ khoản 2 Điều 5;", ["repeal khoản 2 Điều 5"]),
        ("Bỏ điểm a khoản 2 Điều 5;", ["repeal điểm a khoản 2 Điều 5"]),
        ("Bãi bỏ Chương III.", ["repeal Chương III"]),
        ("Bổ sung khoản 4 và khoản 5 vào Điều 3 như sau:", ["insert khoản 4, khoản 5 within Điều 3"]),
        ("Bổ sung khoản 4 Điều 3 như sau:", ["insert khoản 4 Điều 3"]),
        ("Bổ sung thêm điểm đ khoản 2 Điều 3 như sau:", ["insert điểm đ khoản 2 Điều 3"]),
        ("Bổ sung các điểm e1, e2 vào sau điểm e khoản 2 Điều 12 như sau:", [
            "insert điểm e1, điểm e2 after điểm e khoản 2 Điều 12",
        ]),
        ("Bổ sung một đoạn vào cuối khoản 2 Điều 3 như sau:", ["insert đoạn end khoản 2 Điều 3"]),
    ],
)  # fmt: skip
def test_every_listed_pattern_is_read(sentence: str, operations: list[str]) -> None:
    assert one(sentence) == operations


@pytest.mark.parametrize(
    ("sentence", "operations"),
    [
        (
            "Sửa đổi, bổ sung khoản 4, khoản 5 và bổ sung khoản 5a vào sau khoản 5 Điều 56 như sau:",
            ["amend khoản 4 Điều 56, khoản 5 Điều 56", "insert khoản 5a after khoản 5 Điều 56"],
        ),
        (
            "Bổ sung khoản 1a vào sau khoản 1; sửa đổi, bổ sung khoản 3 và khoản 4 Điều 4 như sau:",
            ["insert khoản 1a after khoản 1 Điều 4", "amend khoản 3 Điều 4, khoản 4 Điều 4"],
        ),
        (
            "Sửa đổi, bổ sung khoản 1 và khoản 4; bổ sung khoản 5 vào Điều 32 như sau:",
            ["amend khoản 1 Điều 32, khoản 4 Điều 32", "insert khoản 5 within Điều 32"],
        ),
        (
            "Sửa đổi, bổ sung các điểm đ, g khoản 1; bổ sung điểm m khoản 1; sửa đổi, bổ sung khoản 2 "
            "Điều 66 như sau:",
            [
                "amend điểm đ khoản 1 Điều 66, điểm g khoản 1 Điều 66",
                "insert điểm m khoản 1 Điều 66",
                "amend khoản 2 Điều 66",
            ],
        ),
        (
            "Sửa đổi, bổ sung tên Điều 9 và nội dung khoản 1, khoản 2 Điều 9 như sau:",
            ["amend tên Điều 9, khoản 1 Điều 9, khoản 2 Điều 9"],
        ),
        (
            "Sửa đổi, bổ sung khoản 2 Điều 5 và bãi bỏ khoản 3 như sau:",
            ["amend khoản 2 Điều 5", "repeal khoản 3 Điều 5"],
        ),
        (
            "Bổ sung khoản 7a vào sau khoản 7, khoản 12a vào sau khoản 12 Điều 4 như sau:",
            ["insert khoản 7a after khoản 7 Điều 4", "insert khoản 12a after khoản 12 Điều 4"],
        ),
        (
            "Sửa đổi, bổ sung điểm a và bổ sung điểm a1 vào sau điểm a khoản 2 Điều 5 như sau:",
            ["amend điểm a khoản 2 Điều 5", "insert điểm a1 after điểm a khoản 2 Điều 5"],
        ),
        (
            "Thay thế cụm từ “A” bằng cụm từ “B” tại Điều 5 và bỏ cụm từ “C” tại Điều 6.",
            ["phrase A→B @ Điều 5", "phrase C→ @ Điều 6"],
        ),
    ],
)
def test_actions_joined_in_one_sentence_share_their_article(sentence: str, operations: list[str]) -> None:
    assert one(sentence) == operations


@pytest.mark.parametrize(
    ("sentence", "operations"),
    [
        (
            "Khoản 1 và khoản 3 Điều 8 được sửa đổi, bổ sung như sau:",
            ["amend khoản 1 Điều 8, khoản 3 Điều 8"],
        ),
        ("Điều 62 được sửa đổi như sau:", ["amend Điều 62"]),
        ("Khoản 4, Điều 3 được sửa đổi, bổ sung như sau:", ["amend khoản 4 Điều 3"]),
        ("Khoản 2 Điều 5 được bãi bỏ.", ["repeal khoản 2 Điều 5"]),
        ("Cụm từ “A” tại Điều 5 được thay thế bằng cụm từ “B”.", ["phrase A→B @ Điều 5"]),
        ("Cụm từ “A” được thay bằng cụm từ “B” tại Điều 5.", ["phrase A→B @ Điều 5"]),
        ("Sau Điều 5 bổ sung Điều 5a như sau:", ["insert Điều 5a after Điều 5"]),
        ("Bổ sung vào sau Điều 5 Điều 5a như sau:", ["insert Điều 5a after Điều 5"]),
    ],
)
def test_other_word_orders(sentence: str, operations: list[str]) -> None:
    assert one(sentence) == operations


@pytest.mark.parametrize(
    ("sentence", "operations"),
    [
        (
            "Thay thế các cụm từ “A”, “B” bằng cụm từ “C” tại Điều 5;",
            ["phrase A→C, B→C @ Điều 5"],
        ),
        (
            "Thay thế các cụm từ “A”, “B” lần lượt bằng các cụm từ “C”, “D” tại Điều 5;",
            ["phrase A→C, B→D @ Điều 5"],
        ),
        (
            "Thay cụm từ “A” bằng cụm từ “B”, cụm từ “C” bằng cụm từ “D” tại Điều 5;",
            ["phrase A→B, C→D @ Điều 5"],
        ),
        (
            "Thay thế từ “A” bằng từ “B” tại Điều 8; cụm từ “C” bằng cụm từ “D” tại Điều 30 và Điều 31;",
            ["phrase A→B @ Điều 8", "phrase C→D @ Điều 30, Điều 31"],
        ),
        (
            "Bỏ cụm từ “A” và “B” tại khoản 1 Điều 19; từ “, C” tại Điều 27;",
            ["phrase A→, B→ @ khoản 1 Điều 19", "phrase , C→ @ Điều 27"],
        ),
        (
            "Bổ sung cụm từ “A” vào sau cụm từ “B” tại Điều 24; vào cuối điểm i khoản 2 Điều 39;",
            ["phrase +A after B @ Điều 24", "phrase +A end @ điểm i khoản 2 Điều 39"],
        ),
        (
            "Bãi bỏ từ “A” tại khoản 1 Điều 18; bãi bỏ điểm b khoản 1 Điều 41; điểm e khoản 1 Điều 66 của "
            "Luật điện lực.",
            ["phrase A→ @ khoản 1 Điều 18", "repeal điểm b khoản 1 Điều 41, điểm e khoản 1 Điều 66"],
        ),
        ("Thay cụm từ “A” bằng cụm từ “B” trong toàn bộ Quy chế này;", ["phrase A→B @ toàn văn"]),
        ("Thay cụm từ “A” bằng cụm từ “B” tại tên Điều 5;", ["phrase A→B @ tên Điều 5"]),
        ("Thay cụm từ “A “B” C” bằng cụm từ “D” tại Điều 5;", ["phrase A “B” C→D @ Điều 5"]),
        ('Thay cụm từ "A" bằng cụm từ "B" tại Điều 5;', ["phrase A→B @ Điều 5"]),
        ("Thay cụm từ “bãi bỏ Điều 7” bằng cụm từ “B” tại Điều 5;", ["phrase bãi bỏ Điều 7→B @ Điều 5"]),
    ],
)
def test_phrase_instructions(sentence: str, operations: list[str]) -> None:
    assert one(sentence) == operations


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Thay cụm từ “A” bằng cụm từ “B”, “C” tại Điều 5;", "amend_phrase_pairs_unclear"),
        ("Thay cụm từ “A”, “B” tại Điều 5;", "amend_phrase_pairs_unclear"),
        ("Thay cụm từ “A” bằng cụm từ “B”;", "amend_address_missing"),
        ("Thay cụm từ “A bằng cụm từ “B” tại Điều 5;", "amend_quote_open"),
        ("Bổ sung cụm từ “A” tại Điều 5;", "amend_place_unclear"),
        ("Sửa đổi, bổ sung khoản 2 Điều 5.", "amend_new_text_missing"),
        ("Thay thế Phụ lục kèm theo Thông tư số 40/2024/TT-NHNN.", "amend_new_text_missing"),
        ("Sắp xếp lại các khoản của Điều 5 cho phù hợp.", "amend_unreadable"),
        ("Bãi bỏ các quy định trước đây trái với Luật này.", "amend_unreadable"),
        ("Sửa đổi, bổ sung điểm b (ii) khoản 4 Điều 11 như sau:", "amend_unreadable"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_reason(sentence: str, code: str) -> None:
    assert one(sentence) == code


def test_a_container_names_the_article_for_the_points_beneath() -> None:
    text = f"""Điều 1. Sửa đổi, bổ sung một số điều của Luật A
1. Sửa đổi, bổ sung một số khoản của Điều 10 như sau:
a) Sửa đổi, bổ sung khoản 3 như sau:
{NEW}
b) Bổ sung khoản 6a vào sau khoản 6 như sau:
{NEW}
2. Sửa đổi, bổ sung một số điểm của khoản 1 và khoản 2 Điều 39 như sau:
a) Sửa đổi, bổ sung điểm b khoản 1 như sau:
{NEW}
b) Bổ sung điểm h vào sau điểm g khoản 2 như sau:
{NEW}
3. Sửa đổi, bổ sung Điều 50 như sau:
a) Bãi bỏ khoản 2;
b) Sửa đổi tên điều như sau:
“Tên mới”."""
    assert items(text) == [
        ["amend khoản 3 Điều 10"],
        ["insert khoản 6a after khoản 6 Điều 10"],
        ["amend điểm b khoản 1 Điều 39"],
        ["insert điểm h after điểm g khoản 2 Điều 39"],
        ["repeal khoản 2 Điều 50"],
        ["amend tên Điều 50"],
    ]


def test_a_container_of_phrases_gives_its_verb() -> None:
    text = """Điều 1. Sửa đổi, bổ sung một số điều của Luật A
1. Thay thế một số cụm từ tại một số điều, khoản, điểm như sau:
a) Thay thế cụm từ “A” bằng cụm từ “B” tại khoản 2 Điều 8;
b) Cụm từ “C” bằng cụm từ “D” tại Điều 9;
2. Bỏ một số cụm từ sau đây:
a) Cụm từ “E” tại Điều 10;
3. Bãi bỏ một số điểm, khoản sau đây:
a) Khoản 2 Điều 11;
b) Điểm a khoản 1 Điều 12."""
    assert items(text) == [
        ["phrase A→B @ khoản 2 Điều 8"],
        ["phrase C→D @ Điều 9"],
        ["phrase E→ @ Điều 10"],
        ["repeal khoản 2 Điều 11"],
        ["repeal điểm a khoản 1 Điều 12"],
    ]


def test_each_article_may_be_one_instruction() -> None:
    text = f"""QUYẾT ĐỊNH
Sửa đổi, bổ sung một số điều của Quy chế làm việc
Điều 1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:
{NEW}
Điều 2. Bãi bỏ Điều 7.
Điều 3. Sửa đổi, bổ sung một số khoản của Điều 9
1. Sửa đổi khoản 3 như sau:
{NEW}
Điều 4. Sửa đổi, bổ sung Điều 16
Sửa đổi, bổ sung khoản 3 như sau:
{NEW}
Điều 5. Quyết định này có hiệu lực kể từ ngày ký.
Điều 6. Văn phòng chịu trách nhiệm thi hành Quyết định này."""
    assert items(text) == [
        ["amend khoản 2 Điều 5"],
        ["repeal Điều 7"],
        ["amend khoản 3 Điều 9"],
        ["amend khoản 3 Điều 16"],
    ]


def test_the_heading_may_stand_on_the_next_line_or_without_a_full_stop() -> None:
    assert items("Điều 1.\nSửa đổi, bổ sung một số điều của Luật A như sau:\n1. Bãi bỏ Điều 3.") == [
        ["repeal Điều 3"]
    ]
    assert items("Điều 1 Sửa đổi, bổ sung một số điều của Luật A:\n1. Bãi bỏ Điều 3.") == [["repeal Điều 3"]]


def test_the_new_text_may_begin_on_the_same_line() -> None:
    text = "Điều 1. Sửa đổi\n1. Sửa đổi khoản 3 Điều 2 như sau: “3. Một;\na) Hai.”;\n2. Bãi bỏ Điều 3."
    reading = read_amending(text).items
    assert isinstance(reading[0], Instruction)
    assert reading[0].quoted == ("3. Một;", "a) Hai.")
    assert items(text)[1] == ["repeal Điều 3"]


@pytest.mark.parametrize(
    ("quoted", "lines"),
    [
        ("“3. Một.”.", ("3. Một.",)),
        ("“3. Một.”", ("3. Một.",)),
        ("“3. Một;”;", ("3. Một;",)),
        ('"3. Một.".', ("3. Một.",)),
        ("“3. Một “hai” ba.”;", ("3. Một “hai” ba.",)),
        ("“3. Một “hai”.”;", ("3. Một “hai”.",)),
        ('"3. Một "hai" ba.";', ('3. Một "hai" ba.',)),
        ("“3. Một:\na) Hai;\nb) Ba.”.", ("3. Một:", "a) Hai;", "b) Ba.")),
        ("“3. Một.\n4. Hai.”.", ("3. Một.", "4. Hai.")),
        ("”3. Một.“;", ("3. Một.",)),
        ('“3. Một.";', ("3. Một.",)),
        ("“3. Một.'';", ("3. Một.",)),
        ("“3. Một như sau:\n“Mẫu đơn”\nvà hết.”;", ("3. Một như sau:", "“Mẫu đơn”", "và hết.")),
        ("“3. Sửa đổi, bổ sung Điều 9 như sau:\n“Điều 9. Hai”.\n4. Bãi bỏ Điều 10.”;", (
            "3. Sửa đổi, bổ sung Điều 9 như sau:", "“Điều 9. Hai”.", "4. Bãi bỏ Điều 10.",
        )),
    ],
)  # fmt: skip
def test_quotations_in_all_their_forms(quoted: str, lines: tuple[str, ...]) -> None:
    text = f"Điều 1. Sửa đổi\n1. Sửa đổi khoản 3 Điều 2 như sau:\n{quoted}\n2. Bãi bỏ Điều 3."
    first, second = read_amending(text).items
    assert isinstance(first, Instruction)
    assert first.quoted == lines
    assert isinstance(second, Instruction)
    assert shown(second.operations[0]) == "repeal Điều 3"


def test_two_quotations_of_one_instruction_are_one_new_text() -> None:
    sentence = "1. Sửa đổi khoản 3, khoản 4 Điều 2 như sau:"
    text = f"Điều 1. Sửa đổi\n{sentence}\n“3. Một.”\n“4. Hai.”.\n2. Bãi bỏ Điều 3."
    first = read_amending(text).items[0]
    assert isinstance(first, Instruction)
    assert first.quoted == ("3. Một.", "4. Hai.")


def test_a_quotation_left_open_costs_its_own_instruction_only() -> None:
    text = f"""Điều 1. Sửa đổi
1. Bãi bỏ Điều 2.
2. Sửa đổi khoản 3 Điều 2 như sau:
“3. Một không đóng.
3. Sửa đổi khoản 1 Điều 4 như sau:
{NEW}
4. Bãi bỏ Điều 5."""
    assert items(text) == [["repeal Điều 2"], "amend_quote_open", ["amend khoản 1 Điều 4"], ["repeal Điều 5"]]


def test_new_text_without_quotes_costs_its_own_instruction_only() -> None:
    text = """Điều 1. Sửa đổi
1. Sửa đổi khoản 3 Điều 2 như sau:
3. Nội dung mới không có ngoặc kép.
a) Một;
2. Bãi bỏ Điều 5."""
    assert items(text) == ["amend_new_text_missing", ["repeal Điều 5"]]


def test_a_title_that_says_amend_is_no_instruction() -> None:
    text = f"""LUẬT
SỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA LUẬT A
Căn cứ Hiến pháp;
Quốc hội ban hành Luật sửa đổi, bổ sung một số điều của Luật A.
Điều 1. Sửa đổi, bổ sung một số điều của Luật A đã được sửa đổi, bổ sung một số điều theo Luật B và Luật C
1. Sửa đổi, bổ sung khoản 1 Điều 4 như sau:
{NEW}
Điều 2. Hiệu lực thi hành
1. Luật này có hiệu lực từ ngày 01 tháng 7 năm 2026.
2. Bãi bỏ Luật D."""
    assert items(text) == [["amend khoản 1 Điều 4"]]


TWO_LAWS = f"""Điều 1. Sửa đổi, bổ sung một số điều của Luật Kiểm toán nhà nước số 81/2015/QH13
1. Bãi bỏ Điều 3.
Điều 2. Sửa đổi, bổ sung một số điều của Luật Tố tụng hành chính số 93/2015/QH13
1. Bãi bỏ Điều 4.
Điều 3. Sửa đổi, bổ sung một số luật khác
1. Sửa đổi, bổ sung một số điều của Luật Kiểm toán nhà nước như sau:
a) Sửa đổi khoản 1 Điều 5 như sau:
{NEW}
2. Sửa đổi, bổ sung một số điều của Luật Phí và lệ phí như sau:
a) Bãi bỏ Điều 6."""


def test_the_base_is_told_by_its_title() -> None:
    base = FrontMatter(type="LUẬT", title="KIỂM TOÁN NHÀ NƯỚC")
    reading = read_amending(TWO_LAWS, base=base)
    found = [shown(op) for item in reading.items if isinstance(item, Instruction) for op in item.operations]
    assert found == ["repeal Điều 3", "amend khoản 1 Điều 5"]
    assert reading.articles == ("1", "3")


def test_an_unknown_base_gets_everything_and_a_chosen_article_only_its_own() -> None:
    assert len(read_amending(TWO_LAWS, base=FrontMatter(type="LUẬT", title="ĐẤT ĐAI")).items) == 4
    chosen = read_amending(TWO_LAWS, article="2")
    assert [item.source.label for item in chosen.items] == ["khoản 1 Điều 2"]


def test_the_source_says_where_an_instruction_stands() -> None:
    text = "\n\nĐiều 1. Sửa đổi\n\n1. Sửa đổi một số khoản của Điều 5 như sau:\na) Bãi bỏ khoản 2;"
    source = read_amending(text).items[0].source
    assert (source.label, source.line, source.text) == ("điểm a khoản 1 Điều 1", 6, "Bãi bỏ khoản 2;")


@pytest.mark.parametrize(
    "sentence",
    ["Thay " + "“" * 50_000, "Bỏ cụm từ " + "“a”, " * 5_000 + "tại Điều 5.", "Sửa đổi " + "khoản " * 20_000],
)
def test_endless_sentences_are_refused_and_nothing_else(sentence: str) -> None:
    assert isinstance(one(sentence), str)


def test_a_text_without_instructions_has_none() -> None:
    for text in (
        "",
        "Một câu.",
        "Điều 1. Phạm vi\n1. Quy chế này quy định.\nĐiều 2. Giải thích\n“Điều 3. Bãi bỏ”",
    ):
        assert items(text) == []


def test_replacements_are_read_whole() -> None:
    item = read_amending("Điều 1. Sửa đổi\n1. Thay cụm từ “A” bằng cụm từ “B” tại Điều 2.").items[0]
    assert isinstance(item, Instruction)
    assert isinstance(item.operations[0], ReplacePhrases)


PARTY = """ĐẢNG BỘ TỈNH A
TỈNH ỦY
*
Số 123-QĐ/TU
QUYẾT ĐỊNH
sửa đổi, bổ sung một số điều của Quy chế làm việc của Ban Chấp hành Đảng bộ tỉnh
- Căn cứ Điều lệ Đảng;
- Căn cứ Quy chế làm việc số 01-QC/TU, ngày 15/10/2025 của Ban Chấp hành Đảng bộ tỉnh khóa XX;
BAN CHẤP HÀNH ĐẢNG BỘ TỈNH QUYẾT ĐỊNH:
Điều 1. Sửa đổi, bổ sung một số điều của Quy chế làm việc của Ban Chấp hành Đảng bộ tỉnh, cụ thể như sau:
1- Sửa đổi, bổ sung khoản 2, Điều 5 như sau:
“2- Ban Thường vụ họp thường kỳ.”
2- Bổ sung khoản 2a vào sau khoản 2, Điều 6 như sau:
“2a- Thường trực Tỉnh ủy họp hằng tuần.”
3- Tại khoản 3 Điều 7, bổ sung cụm từ “A” sau cụm từ “B”.
4- Điều 8, sửa đổi khoản 1 như sau:
“1- Mới.”
5- Khoản 2 Điều 9 sửa đổi thành: “2- Sửa.”
6- Bãi bỏ điểm a, khoản 3, Điều 10.
7- Thay cụm từ “A” bằng cụm từ “B” tại các Điều 11, 12 và khoản 2, khoản 3, Điều 13.
8- Sửa đổi tên Điều 14 thành: “Điều 14. Chế độ báo cáo”.
9- Bổ sung vào cuối khoản 1 Điều 15 một đoạn như sau: “Trường hợp cần thiết thì họp bất thường.”
10- Sửa đổi, bổ sung gạch đầu dòng thứ nhất khoản 1 Điều 16 như sau:
“- Nội dung gạch.”
11- Bỏ Điều 17, Điều 18.
12- Điều 19 bổ sung khoản 14 như sau: “14- Bổ sung.”
13- Thay thế khoản 2 Điều 20 bằng khoản 2 mới như sau:
“2- Thay.”
Điều 2. Văn phòng Tỉnh ủy, các ban đảng chịu trách nhiệm thi hành Quyết định này.
Điều 3. Quyết định này có hiệu lực kể từ ngày ký.
Nơi nhận:
- Như Điều 2,
- Lưu Văn phòng Tỉnh ủy.
T/M BAN CHẤP HÀNH
BÍ THƯ
Nguyễn Văn A"""


def test_a_decision_in_the_manner_of_the_party() -> None:
    assert items(PARTY) == [
        ["amend khoản 2 Điều 5"],
        ["insert khoản 2a after khoản 2 Điều 6"],
        ["phrase +A after B @ khoản 3 Điều 7"],
        ["amend khoản 1 Điều 8"],
        ["amend khoản 2 Điều 9"],
        ["repeal điểm a khoản 3 Điều 10"],
        ["phrase A→B @ Điều 11, Điều 12, khoản 2 Điều 13, khoản 3 Điều 13"],
        ["amend tên Điều 14"],
        ["insert đoạn end khoản 1 Điều 15"],
        ["amend gạch đầu dòng 1 khoản 1 Điều 16"],
        ["repeal Điều 17, Điều 18"],
        ["insert khoản 14 Điều 19"],
        ["amend khoản 2 Điều 20"],
    ]


def test_instructions_without_a_number_stand_beside_those_that_have_one() -> None:
    text = f"""Điều 1. Sửa đổi, bổ sung một số điều của Luật A
73. Thay một số từ, cụm từ tại một số điều, khoản, điểm sau đây:
k) Thay cụm từ “A” bằng cụm từ “B” tại điểm c khoản 3 Điều 39.
Thay cụm từ “C” bằng cụm từ “D” tại điểm c khoản 1 Điều 38.
74. Bổ sung từ, cụm từ tại một số điều sau đây:
a) Bổ sung từ “E” vào trước cụm từ “F” tại khoản 3 Điều 48.
Điều 2. Sửa đổi, bổ sung khoản 1 Điều 163 của Luật B số 26/2008/QH12 đã được sửa đổi theo Luật C
Sửa đổi điểm đ khoản 1 Điều 163 như sau:
{NEW}"""
    assert items(text) == [
        ["phrase A→B @ điểm c khoản 3 Điều 39"],
        ["phrase C→D @ điểm c khoản 1 Điều 38"],
        ["phrase +E before F @ khoản 3 Điều 48"],
        ["amend điểm đ khoản 1 Điều 163"],
    ]


@pytest.mark.parametrize("stray", ["Đoạn này đứng ngoài ngoặc kép.", "a) Điểm này cũng vậy;"])
def test_a_quotation_that_closes_too_early_is_not_taken_for_the_whole(stray: str) -> None:
    text = f"Điều 1. Sửa đổi\n1. Sửa đổi khoản 3 Điều 2 như sau:\n“3. Một:”.\n{stray}\n2. Bãi bỏ Điều 5."
    assert items(text) == ["amend_text_after_quote", ["repeal Điều 5"]]


def test_a_quotation_under_a_repeal_is_not_passed_over() -> None:
    assert items("Điều 1. Sửa đổi\n1. Bãi bỏ khoản 3 Điều 2.\n“3. Một.”;\n2. Bãi bỏ Điều 5.") == [
        "amend_text_after_quote",
        ["repeal Điều 5"],
    ]


def test_what_stands_below_the_articles_is_no_stray_text() -> None:
    text = f"Điều 1. Sửa đổi khoản 1 Điều 2 như sau:\n{NEW}\nT/M BAN THƯỜNG VỤ\nBÍ THƯ\nNguyễn Văn A"
    assert items(text) == [["amend khoản 1 Điều 2"]]
