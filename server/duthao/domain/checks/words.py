"""Short forms, names of agencies, numbers of documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from duthao.domain.checks.finding import Draft, Finding, Severity, at

_DEFINES = re.compile(
    r"(?:gọi|viết)\s+(?:tắt\s+|chung\s+)?là:?\s*[“\"']?(?P<name>[^;,.)”\"']{1,60})",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"(?<![\w/.-])(?=[A-ZĐ]*[BCDĐGHKLMNPQRSTVX])[A-ZĐ]{2,6}(?![\w/-])")
_ROMAN = re.compile(r"[IVXLC]+")
_WELL_KNOWN = frozenset(
    (
        "USD",
        "VND",
        "VNĐ",
        "WTO",
        "ASEAN",
        "ISO",
        "HIV",
        "AIDS",
        "GDP",
        "PCCC",
        "CCCD",
        "CMND",
        "IT",
        "ID",
        "QR",
    )
)


def short_forms(draft: Draft) -> Iterator[Finding]:
    """Abbreviations in capitals that nothing in the text explains: told at their first place."""
    texts = [entry.provision.text for entry in draft.entries]
    front = draft.document.front
    around = " ".join((*texts, *front.bases, *front.preamble))
    defined = {m for match in _DEFINES.finditer(around) for m in _ABBREVIATION.findall(match["name"])}
    defined |= {m for found in re.findall(r"\(([^()]{2,40})\)", around) for m in _ABBREVIATION.findall(found)}
    told: set[str] = set()
    for entry, text in zip(draft.entries, texts, strict=True):
        if text == text.upper():
            continue  # a heading in capitals
        for match in _ABBREVIATION.finditer(text):
            name = match.group()
            if name in defined or name in told or name in _WELL_KNOWN or _ROMAN.fullmatch(name):
                continue
            told.add(name)
            yield at("short_form_undefined", Severity.WARNING, entry, match.start(), match.end(), name=name)


_AGENCY = re.compile(
    r"(?<!\w)(?:(?:ban thường vụ|ban chấp hành|ban bí thư|bộ chính trị|thường trực|ủy ban|uỷ ban|"
    r"hội đồng|ban tổ chức|ban tuyên giáo|ban dân vận|ban nội chính|văn phòng|đảng ủy|đảng uỷ|"
    r"mặt trận tổ quốc)"
    r"(?: (?:nhân dân|kiểm tra|trung ương|tỉnh ủy|thành ủy|huyện ủy|đảng ủy|cấp ủy|quốc hội|"
    r"đảng bộ))?)(?!\w)",
    re.IGNORECASE,
)


def agencies(draft: Draft) -> Iterator[Finding]:
    """One name in several capitalisations (Ban Thường vụ, Ban thường vụ): those that differ from most."""
    places: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for n, entry in enumerate(draft.entries):
        text = entry.provision.text
        if text == text.upper():
            continue
        for match in _AGENCY.finditer(text):
            if match.group()[0].isupper():
                places.setdefault(match.group().casefold(), []).append((n, match))
    for found in places.values():
        counts = Counter(match.group() for _, match in found)
        if len(counts) < 2:
            continue
        main = min(counts, key=lambda name: (-counts[name], name))
        for n, match in found:
            if match.group() != main:
                yield at(
                    "agency_varies", Severity.HINT, draft.entries[n], match.start(), match.end(), main,
                    name=match.group(), main=main,
                )  # fmt: skip


_NUMBER = re.compile(r"(?<!\w)số:?\s+(?P<n>\d[\w./-]*[\w])", re.IGNORECASE)
_PARTY = re.compile(r"\d{1,4}-[A-ZĐ][A-Za-zĐđ]{0,4}(?:i)?/[A-ZĐ]{2,8}")
_STATE = re.compile(r"\d{1,5}(?:/\d{4})?/[A-ZĐ][A-ZĐ0-9-]*(?:-[A-ZĐ0-9]+)*|\d{1,5}/\d{4}/[A-ZĐ0-9-]+")
_LIKE_ONE = re.compile(r"\d+[A-ZĐ]{2,}|\d+[-/][A-ZĐ]{1,4}$|\d+/[A-ZĐ]+/[A-ZĐ]+-\d|\d+[A-ZĐ]+[-/]")


def document_numbers(draft: Draft) -> Iterator[Finding]:
    """Numbers of documents that lost a hyphen or a slash ("22NQ/TW")."""
    for entry in draft.entries:
        for match in _NUMBER.finditer(entry.provision.text):
            written = match["n"]
            if _PARTY.fullmatch(written) or _STATE.fullmatch(written) or not _LIKE_ONE.match(written):
                continue
            yield at(
                "document_number", Severity.WARNING, entry, match.start("n"), match.end("n"), number=written
            )
