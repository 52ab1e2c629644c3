"""Reading addresses: "điểm a, điểm c khoản 2, khoản 3 Điều 5 và Điều 7".

Two steps. `Scanner.mentions` reads a run of units as they are written; `bind` gives each the
parents it belongs to. Binding goes to the right: a list of points belongs to the next
khoản, a list of khoản to the next Điều. What a mention lacks is left out of its path; the
sentence and the container around it may give it (`within`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from duthao.domain.amend.values import Address, Part, Path, Step
from duthao.domain.document import Kind
from duthao.domain.errors import Refusal
from duthao.domain.numbering import LETTERS, ORDINALS, normalised
from duthao.domain.outline import LEVELS
from duthao.domain.references.citing import KINDS

MAX_LIST = 500
"""Units one address list may name. One more is read, so that `bind` can say there are too many."""

RANKS: Mapping[Kind, int] = {**LEVELS, Kind.TABLE: 20, Kind.ROW: 21}
"""Lower holds higher: as in `LEVELS`, a table in any unit, its rows in it."""

Link = Literal["", "of", "comma", "and", "semicolon"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One unit as written: kind and numbers, or a part ("tên", "đoạn mở đầu").

    `link` is what stands before it. `of` is the kind a part names without a number ("tên điều").
    """

    kind: Kind | None
    labels: tuple[str | None, ...]
    link: Link
    part: Part = Part.WHOLE
    nth: int = 0
    of: Kind | None = None

    @property
    def rank(self) -> int:
        """Lower holds higher (`RANKS`); a part stands just under the kind it is of."""
        if self.kind is not None:
            return RANKS[self.kind]
        return RANKS[self.of] + 1 if self.of else 30


_NUMBER = r"\d{1,4}[a-zđ]{0,2}(?![\w/])"
_ROMAN = r"(?:[IVXLC]+|\d{1,3})[a-zđ]{0,2}(?![\w/])"
_LETTER = r"(?:[a-zđ]\d{0,3}|\d{1,3}[a-zđ]?)(?![\w/])"
_ORDINAL = rf"(?:thứ\s+)?(?:{'|'.join(ORDINALS)}|một|bốn)(?!\w)"
_NAMES: tuple[tuple[Kind, str, str], ...] = (
    (Kind.SUBSECTION, "tiểu mục", _ROMAN),
    (Kind.APPENDIX, r"(?:phụ lục|biểu mẫu|mẫu|biểu)(?:\s+số)?", rf"{_ROMAN}"),
    (Kind.PART, "phần", rf"(?:thứ\s+(?:{'|'.join(ORDINALS)})(?!\w)|[IVXLC]+[a-zđ]{{0,2}}(?!\w))"),
    (Kind.CHAPTER, "chương", _ROMAN),
    (Kind.SECTION, "mục", _ROMAN),
    (Kind.ARTICLE, "điều", _NUMBER),
    (Kind.CLAUSE, "khoản", _NUMBER),
    (Kind.POINT, "điểm", _LETTER),
    (Kind.INDENT, "(?:tiết|gạch đầu dòng|gạch ngang)", rf"(?:{_ORDINAL}|\d{{1,2}}(?!\w))"),
)
_KIND_WORD = "|".join(KINDS)

_SEPARATOR = re.compile(
    r"\s*(?:(?P<semi>;)\s*(?:và\s+)?|(?P<comma>,)\s*(?P<cand>và\s+|cùng\s+)?|(?P<and>và|cùng)\s+)", re.I
)
_LINK = re.compile(r"\s*(?:của|tại|thuộc|trong|ở|quy định tại|nêu tại)\s+", re.I)
_FILLER = re.compile(
    r"\s*(?:(?:toàn bộ|các)\s+)?(?:nội dung|quy định)(?!\s+này)(?:\s+(?:quy định|nêu))?"
    r"(?:\s+(?:tại|của|trong|về))?\s+(?=\S)"
    r"|\s*toàn bộ\s+",
    re.I,
)
_UNNUMBERED = r"(?!\w)(?!\s+(?:từ\s+)?(?:\d|[a-zđ]\d{0,2}(?!\w)|[IVXLC]+(?!\w)|thứ\s|này))"
_SOME_KIND = rf"(?:nội dung|quy định|cụm từ|từ ngữ|từ|đoạn|{_KIND_WORD}){_UNNUMBERED}"
_SOME = re.compile(
    rf"\s*(?:(?:một số|các|những)\s+{_SOME_KIND}"
    r"|(?:từ ngữ|cụm từ|từ)(?=\s*,\s*(?:cụm từ|từ)\s|\s+(?:tại|trong)\s))"
    rf"(?:\s*(?:,\s*và|,|và|;)\s*(?:một số\s+|các\s+)?{_SOME_KIND})*"
    r"(?:\s+(?:sau đây|sau)(?=\s|$|[:.;]))?",
    re.I,
)
_LEAD = re.compile(r"\s*(?:đoạn|khổ|câu|phần|lời)\s+(?:mở đầu|dẫn|đầu tiên|đầu)(?:\s+đoạn)?(?!\w)", re.I)
_PASSAGE = re.compile(
    rf"\s*(?:đoạn|khổ)\s+(?P<n>cuối cùng|cuối|(?:thứ\s+)?(?:{'|'.join(ORDINALS)}|bốn)(?!\w)"
    r"|(?:thứ\s+)?\d{1,2}(?!\w))",
    re.I,
)
_TITLE = re.compile(r"\s*(?:tên gọi|tên|tiêu đề|đề mục)(?!\w)", re.I)
_OF_KIND = re.compile(rf"\s*(?:của\s+|tại\s+)?(?P<kind>{_KIND_WORD})(?:\s+(?P<this>này|đó))?(?!\w)", re.I)
_WHOLE_TEXT = re.compile(
    r"\s*(?:toàn bộ\s+|toàn văn\s+)?(?:các nội dung của\s+)?"
    r"(?:luật|bộ luật|pháp lệnh|nghị định|nghị quyết|quyết định|quy chế|quy định|thông tư|điều lệ|văn bản"
    r"|nội quy)\s+này(?!\w)|\s*toàn văn(?!\w)|\s*toàn bộ văn bản(?!\w)",
    re.I,
)
_THIS = re.compile(r"\s*(?P<kind>điều|khoản|điểm|chương|mục)\s+(?:này|đó)(?!\w)", re.I)
_LIST_SEPARATOR = re.compile(r"\s*(?:,\s*và\s+|,\s*|;\s*|và\s+)", re.I)
_RANGE = re.compile(r"\s*(?:đến|tới)\s+(?:hết\s+)?", re.I)


@dataclass
class Scanner:
    """A place in a sentence, and steps forward from it. Quotations are private-use marks."""

    text: str
    at: int = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match here, stepped over; None when there is none."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def looking_at(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern matches here."""
        return pattern.match(self.text, self.at) is not None

    @property
    def rest(self) -> str:
        """What is still to be read."""
        return self.text[self.at :]

    # --- units ------------------------------------------------------------------------------

    def some(self) -> bool:
        """Step over "một số khoản, điểm của"; whether there was any."""
        return self.take(_SOME) is not None

    def mentions(self) -> list[Mention]:
        """The run of units here, left to right; empty when there is none."""
        found: list[Mention] = []
        while len(found) <= MAX_LIST:
            start = self.at
            link: Link = ""
            if found and (separator := self.take(_SEPARATOR)):
                link = (
                    "semicolon"
                    if separator["semi"]
                    else "and"
                    if separator["and"] or separator["cand"]
                    else "comma"
                )
            if found and not link and self.take(_LINK):
                link = "of"
            while self.take(_FILLER):
                pass
            mention = self._mention(link)
            if mention is None:
                self.at = start
                break
            if mention.labels or not found or mention.link not in ("", "of"):
                found.append(mention)
        return found

    def _mention(self, link: Link) -> Mention | None:
        if self.take(_LEAD):
            return Mention(None, (None,), link, Part.LEAD, of=self._of_kind())
        if match := self.take(_PASSAGE):
            return Mention(None, (None,), link, Part.PASSAGE, _nth(match["n"]), self._of_kind())
        if self.take(_TITLE):
            return Mention(None, (None,), link, Part.TITLE, of=self._of_kind())
        if self.take(_WHOLE_TEXT):
            return Mention(Kind.APPENDIX, (), link)
        if match := self.take(_THIS):
            return Mention(KINDS[match["kind"].lower()], (None,), link)
        return self._row(link) or self._table(link) or self._unit(link)

    def _row(self, link: Link) -> Mention | None:
        """ "hàng thứ 3", "các dòng 3, 5 và 6", "số thứ tự 12", "hàng tiêu đề"."""
        start = self.at
        named = self.take(_ROW)
        first = self.take(_ROW_NUMBER) if named else None
        if named is None or first is None:
            self.at = start
            return None
        counted = named["name"].lower().startswith("s")
        labels = [*self._rows_to(_row_label(counted, first["n"]))]
        while len(labels) <= MAX_LIST:
            here = self.at
            if not self.take(_LIST_SEPARATOR) or not (another := self.take(_ROW_NUMBER)):
                self.at = here
                break
            labels += self._rows_to(_row_label(counted, another["n"]))
        return Mention(Kind.ROW, tuple(labels), link)

    def _rows_to(self, first: str) -> Iterable[str]:
        here = self.at
        name, _, low = first.rpartition(" ")
        if self.take(_RANGE):
            self.take(_ROW)
            last = self.take(_ROW_NUMBER)
            high = _row_label(name.startswith("s"), last["n"]).rpartition(" ")[2] if last else ""
            if between := _between(Kind.ROW, low, high):
                return [f"{name} {number}" for number in between]
        self.at = here
        return (first,)

    def _table(self, link: Link) -> Mention | None:
        """ "bảng", "bảng thứ hai", "Bảng số 3": one of a unit's tables."""
        match = self.take(_TABLE)
        if match is None:
            return None
        if match["nth"]:
            return Mention(Kind.TABLE, (f"bảng thứ {_nth(match['nth'])}",), link)
        return Mention(Kind.TABLE, (f"bảng số {match['n']}" if match["n"] else None,), link)

    def _of_kind(self) -> Kind | None:
        """The kind after "tên" when no number follows it."""
        start = self.at
        match = self.take(_OF_KIND)
        if match is None:
            return None
        kind = KINDS[match["kind"].lower()]
        if match["this"] is None and self._labels(kind):
            self.at = start
            return None
        return kind

    def _labels(self, kind: Kind) -> tuple[str | None, ...]:
        match = _NUMBERED[kind].match(self.text, self.at)
        return (match["n"],) if match else ()

    def _unit(self, link: Link) -> Mention | None:
        for kind, name, label in _UNITS:
            start = self.at
            if not self.take(name):
                continue
            first = self.take(label)
            if first is None:
                self.at = start
                if kind is Kind.APPENDIX and self.take(_BARE_APPENDIX):
                    return Mention(kind, (None,), link)
                continue
            labels = [*self._range(kind, name, first["n"])]
            while len(labels) <= MAX_LIST:
                here = self.at
                if not self.take(_LIST_SEPARATOR) or not (another := self.take(label)):
                    self.at = here
                    break
                labels.extend(self._range(kind, name, another["n"]))
            return Mention(kind, tuple(labels), link)
        return None

    def _range(self, kind: Kind, name: re.Pattern[str], first: str) -> Iterable[str]:
        here = self.at
        low = _label(kind, first)
        if not self.take(_RANGE):
            return (low,)
        self.take(name)
        label = next(known for unit, _, known in _UNITS if unit is kind)
        last = self.take(label)
        between = _between(kind, low, _label(kind, last["n"])) if last else ()
        if not between:
            self.at = here
            return (low,)
        return between


_UNITS = tuple(
    (
        kind,
        re.compile(rf"\s*(?:từ\s+)?(?:(?:các|những)\s+)?{name}(?!\w)(?:\s+từ(?=\s))?", re.I),
        re.compile(rf"\s*(?P<n>{label})", re.I),
    )
    for kind, name, label in _NAMES
)
_NUMBERED = {kind: re.compile(rf"\s+(?:số\s+)?(?P<n>{label})", re.I) for kind, _, label in _NAMES}
_BARE_APPENDIX = re.compile(r"\s*(?:các\s+)?phụ lục(?!\w)", re.I)


_ROW = re.compile(
    r"\s*(?:(?:các|những)\s+)?(?P<name>hàng|dòng|số\s+thứ\s+tự|stt)(?!\w)(?:\s+số(?=\s))?", re.I
)
_ROW_NUMBER = re.compile(
    rf"\s*(?P<n>{_ORDINAL}|(?:thứ\s+)?\d{{1,4}}[a-zđ]?(?![\w/])|tiêu đề(?!\w)|cuối cùng(?!\w)|cuối(?!\w))",
    re.I,
)
_TABLE = re.compile(
    rf"\s*bảng(?!\w)(?:\s+(?P<nth>thứ\s+(?:{'|'.join(ORDINALS)}|\d{{1,2}})(?!\w))"
    r"|(?:\s+số)?\s+(?P<n>\d{1,3}(?:\.\d{1,3})*)(?![\w/])"
    r"|(?=\s+(?:của|tại|thuộc|trong|ở|như sau|bằng|và|khoản|điểm|điều|phụ lục)(?!\w)|\s*[,;:.]|\s*$))",
    re.I,
)


def _row_label(counted: bool, written: str) -> str:
    """How a row is named in a path (see `values.Step`)."""
    word = " ".join(written.lower().split()).removeprefix("thứ ")
    if counted:
        return f"số thứ tự {word}"
    if word.startswith(("tiêu", "cuối")):
        return f"hàng {word.removesuffix(' cùng')}"
    return f"hàng thứ {word if word[0].isdigit() else _nth(word)}"


def _nth(written: str) -> int:
    word = written.lower().removeprefix("thứ").strip()
    if word.startswith("cuối"):
        return -1
    if word.isdigit():
        return int(word)
    word = {"một": "nhất", "bốn": "tư"}.get(word, word)
    return ORDINALS.index(word) + 1


def _label(kind: Kind, written: str) -> str:
    """The number as the outline writes it."""
    text = " ".join(written.split())
    if kind is Kind.INDENT:
        return str(_nth(text))
    if kind is Kind.PART:
        return normalised(kind, text.upper()) or normalised(kind, text.lower()) or text
    if kind in (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT):
        return normalised(kind, text.lower()) or text.lower()
    head = re.match(r"[IVXLC]+|\d+", text, re.I)
    cut = head.end() if head else 0
    return normalised(kind, text[:cut].upper() + text[cut:].lower()) or text


def _between(kind: Kind, low: str, high: str) -> tuple[str, ...]:
    """Every plain number from low to high; empty when they do not make a range."""
    if kind is Kind.POINT and len(low) == len(high) == 1 and low in LETTERS and high in LETTERS:
        return tuple(LETTERS[LETTERS.index(low) : LETTERS.index(high) + 1])
    if low.isdigit() and high.isdigit() and int(low) < int(high) <= int(low) + MAX_LIST:
        return tuple(str(number) for number in range(int(low), int(high) + 1))
    return ()


# --- binding --------------------------------------------------------------------------------


def _holds(left: Mention, right: Mention) -> bool:
    """Whether the mention to the right is the parent of the one to its left.

    Directly or by "của" the wider one is the parent. After a comma it is only when the left
    one could not stand alone: "điểm a, khoản 2 Điều 5" names one point.
    """
    if right.rank >= left.rank or not right.labels or right.kind is None:
        return False
    if right.link in ("", "of"):
        return True
    needs = {
        Kind.POINT: Kind.CLAUSE,
        Kind.CLAUSE: Kind.ARTICLE,
        Kind.INDENT: Kind.POINT,
        Kind.ROW: Kind.TABLE,
    }
    return right.link == "comma" and left.kind is not None and needs.get(left.kind) is right.kind


def _settled(mentions: Sequence[Mention]) -> list[Mention]:
    """A part that only shares its parent with the next one takes the next one's place."""
    settled = list(mentions)
    for index in range(len(settled) - 2, -1, -1):
        here, following = settled[index], settled[index + 1]
        loose = here.kind is None and here.of is None and following.link not in ("", "of")
        if loose and following.kind in (Kind.CLAUSE, Kind.POINT):
            settled[index] = replace(here, of=Kind.ARTICLE if following.kind is Kind.CLAUSE else Kind.CLAUSE)
    return settled


def _reversed_runs(mentions: Sequence[Mention]) -> list[Mention]:
    """ "Điều 5 khoản 2 điểm a" written from the outside in, turned round."""
    turned: list[Mention] = []
    run: list[Mention] = []

    def flush() -> None:
        if len(run) > 1:
            links = [mention.link for mention in run]
            run.reverse()
            run[:] = [replace(mention, link=links[0] if i == 0 else "of") for i, mention in enumerate(run)]
        turned.extend(run)
        run.clear()

    for index, mention in enumerate(mentions):
        inward = bool(run) and mention.link == "" and mention.kind is not None and mention.rank > run[-1].rank
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        claimed = following is not None and following.link in ("", "of") and following.rank < mention.rank
        if not inward or claimed or len(run[-1].labels) > 1:
            flush()
        run.append(mention)
    flush()
    return turned


def bind(mentions: Sequence[Mention]) -> tuple[Address, ...]:
    """The addresses a run of mentions names, in reading order.

    Raises Refusal amend_units_too_many (`most`): a list is never cut. They are counted before they are
    made, for three ranges in a row name more than a machine can hold.
    """
    units = _settled(_reversed_runs(mentions))
    contexts: list[tuple[Path, ...]] = [()] * len(units)  # parents of each mention
    parents = [False] * len(units)
    for index in range(len(units) - 1, -1, -1):
        mention = units[index]
        above: tuple[Path, ...] = ((),)
        if index + 1 < len(units):
            right, right_paths = units[index + 1], contexts[index + 1]
            if _holds(mention, right):
                parents[index + 1] = True
                check_number(len(right_paths) * len(right.labels))
                above = tuple((*path, step) for path in right_paths for step in _steps(right))
            elif mention.kind is not Kind.ARTICLE and right.rank >= mention.rank:
                trimmed = (tuple(s for s in path if RANKS[s[0]] < mention.rank) for path in right_paths)
                above = tuple(dict.fromkeys(trimmed))
        contexts[index] = above
    named = [(mention, contexts[index]) for index, mention in enumerate(units) if not parents[index]]
    check_number(sum(len(above) * max(len(mention.labels), 1) for mention, above in named))
    return tuple(address for mention, above in named for address in _addresses(mention, above))


def check_number(units: int) -> None:
    """Raises Refusal amend_units_too_many when there are more than one list may name."""
    if units > MAX_LIST:
        raise Refusal("amend_units_too_many", most=MAX_LIST)


def _steps(mention: Mention) -> tuple[Step, ...]:
    kind = mention.kind
    assert kind is not None
    if kind is Kind.POINT:
        return tuple(
            (Kind.CLAUSE if label and label[0].isdigit() else kind, label) for label in mention.labels
        )
    return tuple((kind, label) for label in mention.labels)


def _addresses(mention: Mention, above: tuple[Path, ...]) -> list[Address]:
    if mention.kind is None:
        return [Address((_ended(path, mention.of),), mention.part, mention.nth) for path in above]
    if not mention.labels:
        return [Address(((),))]
    return [Address(((*path, step),)) for path in above for step in _steps(mention)]


def _ended(path: Path, of: Kind | None) -> Path:
    """The path of "tên điều": it ends at a unit of that kind, whose number comes from around."""
    if of is None or (path and path[-1][0] is of):
        return path
    return (*path, (of, None))


def within(address: Address, around: Iterable[Path]) -> Address:
    """The address with the parents it lacks taken from the paths around it.

    Only steps above its own outermost one are taken; a path without a number ("tên điều")
    takes the number too. An address of the whole text stays.
    """
    paths = [_completed(path, outer, address.part) for path in address.paths for outer in around]
    return replace(address, paths=tuple(dict.fromkeys(paths)) or address.paths)


def _completed(path: Path, outer: Path, part: Part) -> Path:
    if not path:
        return outer if part is not Part.WHOLE else path
    kind, label = path[0]
    if label is None and kind not in (Kind.APPENDIX, Kind.TABLE):
        same = next((index for index, step in enumerate(outer) if step[0] is kind), None)
        return (*outer[: same + 1], *path[1:]) if same is not None else path
    return (*(step for step in outer if RANKS[step[0]] < RANKS[kind]), *path)


def lacks_article(address: Address) -> bool:
    """Whether something below an article is named without saying of which."""
    return any(
        (not path and address.part is not Part.WHOLE)
        or (bool(path) and (path[0][1] is None or RANKS[path[0][0]] > RANKS[Kind.ARTICLE]))
        for path in address.paths
        if not (path and path[0][0] is Kind.APPENDIX)
    )
