"""The words of instructions as patterns: verbs, places, "như sau", names of laws.

Source: the instruction lines of 49 amending laws. Each pattern steps over the blanks before it.
"""

from __future__ import annotations

import re
from typing import Literal

from duthao.domain.amend.values import Side

Verb = Literal["amend", "insert", "repeal", "replace", "recount", "exchange", "renumber"]

FIRST_MARK = 0xE000
MAX_MARKS = 0x1000
"""Quotations one sentence may hold; each stands in it as one private-use character."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{pattern}", re.IGNORECASE)


QUOTE = _words(f"(?P<q>[{chr(FIRST_MARK)}-{chr(FIRST_MARK + MAX_MARKS)}])")
PHRASE = _words(
    r"(?:(?:các|những|một số)\s+)?(?:cụm từ|từ ngữ|thuật ngữ|từ|chữ|số hiệu|con số|số|dấu|nội dung|đoạn văn|"
    r"đoạn|câu|ký hiệu|tên gọi|tên|mức|tỷ lệ|cụm số)(?:\s+(?:sau|như sau))?\s*:?\s*"
)
"""What stands before a quoted phrase: "cụm từ", "các từ", "số"."""

_AMEND = r"sửa đổi(?:\s*,|\s+và)?\s+bổ sung|chỉnh sửa|chỉnh lý|sửa đổi|sửa"
_INSERT = "bổ sung thêm|bổ sung|thêm"
_REPEAL = "bãi bỏ|h[uủ][yỷ] bỏ|bỏ|xóa bỏ|xoá bỏ"
_REPLACE = "thay thế|thay|đổi"
_RECOUNT = r"đánh\s+(?:lại\s+)?số\s+thứ\s+tự(?:\s+lại)?(?:\s+(?:của\s+)?(?:các|những)\s+(?:hàng|dòng))?"
_NUMBERED = r"(?=\s+(?:các\s+|những\s+)?(?:điều|khoản|điểm|mục|tiểu mục|chương|phần)\s)"
_EXCHANGE = rf"(?:hợp nhất|gộp|nhập|tách|chia){_NUMBERED}"
_RENUMBER = (
    r"đánh\s+số\s+lại|đánh\s+lại\s+số(?!\s+thứ\s+tự)|sắp\s+xếp\s+lại(?:\s+(?:số\s+)?thứ\s+tự)?"
    rf"|chuyển{_NUMBERED}"
)
_BECOMES = r"đánh\s+(?:số\s+lại|lại\s+số(?:\s+thứ\s+tự)?)|sắp\s+xếp\s+lại|chuyển|hợp nhất|gộp|nhập|tách|chia"
"""The same in a passive sentence: "được đánh số lại thành", where the units are named before."""

VERBS: tuple[tuple[Verb, re.Pattern[str]], ...] = (
    ("amend", _words(rf"(?:{_AMEND})(?!\w)(?:\s+lại)?")),
    ("insert", _words(rf"(?:{_INSERT})(?!\w)(?:\s+mới)?")),
    ("repeal", _words(rf"(?:{_REPEAL})(?!\w)")),
    ("replace", _words(rf"(?:{_REPLACE})(?!\w)")),
    ("recount", _words(rf"(?:{_RECOUNT})(?!\w)")),
    ("exchange", _words(rf"(?:{_EXCHANGE})")),
    ("renumber", _words(rf"(?:{_RENUMBER})(?!\w)")),
)
BECOMES = _words(rf"(?:{_BECOMES})(?=\s+(?:lại\s+)?thành(?!\w))(?:\s+lại)?")
MERGES = re.compile(r"hợp nhất|gộp|nhập|tách|chia", re.IGNORECASE)
REPLACE_VERB = VERBS[3][1]
PASSIVE = _words(rf"(?:được|bị)\s+(?=sửa|bổ sung|bãi|h[uủ]|bỏ|thay|đổi|{_BECOMES})")
BY = _words(r"(?:bằng|thành|bởi)(?!\w)")
RESPECTIVELY = _words(r",?\s*(?:lần lượt|tương ứng)(?!\w)")
AT = _words(r"(?:,\s*)?(?:được\s+)?(?:(?:quy định|nêu)\s+)?(?:tại|trong|của|ở|thuộc)(?!\w)\s*:?")
SEPARATOR = _words(r"(?:[,;]\s*(?:và|đồng thời)?|và|đồng thời)(?!\w)\s*")
SIDE = _words(
    r",?\s*(?:vào|ở|tại|đứng)?\s*(?:ngay\s+|liền\s+)?(?:phía\s+)?(?P<side>sau|trước|cuối|đầu)(?!\w)"
    r"(?!\s*(?:đây|[:.;]|$))"
)
INTO = _words(r",?\s*vào(?!\w)")
SIDES = {"sau": Side.AFTER, "trước": Side.BEFORE, "cuối": Side.END, "đầu": Side.START}
AS_FOLLOWS = _words(
    r",?\s*(?:(?:cụ thể|có nội dung|được viết|viết lại|thành|lại|nội dung|là)\s+){0,3}"
    r"(?:như sau|sau đây|dưới đây|sau)(?!\w)|\s*thành(?=\s*:)"
)
ENDS_HERE = _words(rf"(?:{AS_FOLLOWS.pattern}|thành\s*:|[.:;]|$)")
WHOLE_TEXT = _words(r"toàn\s+(?:bộ|văn)(?:\s+(?:nội dung|văn bản)(?:\s+này)?)?(?!\w)")
NEW = _words(r"(?:mới|khác)(?!\w)")
PAUSE = _words(r"[,:]?(?:\s*thì)?")
END = _words(r"[\s:.;,]*(?:và\s*)?[\s:.;,]*$")
PARAGRAPH = _words(
    r"(?:(?:một|01|\d{1,2}|hai|ba|các)\s+)?(?:đoạn|khổ)(?:\s+(?:mới|văn))?"
    r"(?:\s+(?P<n>cuối cùng|cuối|thứ\s+\w+|\d{1,2}))?(?!\w)"
)
ROWS = _words(
    r"(?:(?:một|các|những|hai|ba|\d{1,3})\s+)?(?:hàng|dòng)(?:\s+mới)?"
    r"(?=\s+(?:như sau\s+)?(?:(?:vào|ở|tại|ngay|liền|đứng|phía)\s|trước\s|sau\s)|\s*:)"
)

_LAW_KINDS = (
    "bộ luật|luật|pháp lệnh|nghị định|nghị quyết|quyết định|quy chế|quy định|quy trình|thông tư liên tịch|"
    "thông tư|điều lệ|nội quy|hướng dẫn|chỉ thị|đề án|kế hoạch|chương trình"
)
LAW = re.compile(
    r"\s*,?\s*(?:(?:của|tại|trong|thuộc|ban hành kèm theo|kèm theo)\s+)*"
    rf"(?P<law>(?:các\s+)?(?:{_LAW_KINDS})(?!\w).*)$",
    re.IGNORECASE | re.DOTALL,
)
"""The text amended, named to the end of the sentence: "của Luật Kiểm toán nhà nước số …"."""

LAW_NAME = re.compile(
    rf"(?<!\w)(?P<law>(?:{_LAW_KINDS})(?!\w)(?!\s+(?:tại|này|như|sau|về)).*)$", re.IGNORECASE
)
"""The first name of a text in a heading."""

_UNITS = "điều|khoản|điểm|cụm từ|từ|chương|mục|phụ lục|tên|đoạn"
LAW_END = re.compile(
    r"\s*,?\s*(?:như sau\b|sau đây\b)|\s*:\s*$"
    r"|(?<!sửa đổi)\s*(?:[,;]|và|, và)\s+(?=(?:sửa đổi|bổ sung|bãi bỏ|thay thế|bỏ cụm từ|bỏ)\s+"
    rf"(?:một số\s+|các\s+)?(?:{_UNITS})(?!\w))",
    re.IGNORECASE,
)
"""Where the name of a text ends although the sentence goes on."""

ANNOUNCES = re.compile(r"(?:như sau|sau đây|dưới đây)\s*[:.;]?\s*$|:\s*$", re.IGNORECASE)

_STARTS = _words(rf"(?:{_AMEND}|{_INSERT}|{_REPEAL}|{_REPLACE}|{_RECOUNT}|{_EXCHANGE}|{_RENUMBER})(?!\w)")
_STARTS_UNIT = _words(rf"(?:tại\s+)?(?:các\s+|một số\s)?(?:{_UNITS}|sau|trước|vào)\s")
_PASSIVE_VERB = re.compile(
    rf".{{1,300}}?(?:được|bị)\s+(?:{_AMEND}|{_INSERT}|{_REPEAL}|{_REPLACE}|{_BECOMES})(?!\w)"
    r"|\s*(?:vào\s+)?(?:sau|trước)\s+(?:điều|khoản|điểm|mục|chương)\s.{1,80}?(?:bổ sung|thêm)(?!\w)"
    rf"|\s*(?:tại\s+)?(?:các\s+)?(?:điều|khoản|điểm)\s[^“\"]{{1,80}}?\s(?:{_AMEND}|{_INSERT}|{_REPEAL}|thay)\s",
    re.IGNORECASE,
)


def starts_instruction(text: str) -> bool:
    """Whether a line's words (without its label) open like an instruction."""
    if _STARTS.match(text):
        return True
    return _STARTS_UNIT.match(text) is not None and _PASSIVE_VERB.match(text) is not None
