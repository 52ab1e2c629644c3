"""Reading an amending document: from lines to instructions, each with its address and new text.

The document is a tree of labelled lines (Điều › 1. › a) › -) with quoted blocks between
them. A line with instructions beneath it is a container and gives them the parents they do
not name. What cannot be read is refused with its reason; the rest is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from duthao.domain.amend.addresses import check_number
from duthao.domain.amend.quotes import OPENING, block_end, opens_quote, phrases, strip_quotes
from duthao.domain.amend.sentences import Sentence, read
from duthao.domain.amend.sharing import placed
from duthao.domain.amend.values import (
    Address,
    Amend,
    Insert,
    InsertPhrase,
    Instruction,
    Part,
    Path,
    Refused,
    ReplacePhrases,
    Source,
)
from duthao.domain.amend.words import FIRST_MARK, LAW_NAME, Verb, starts_instruction
from duthao.domain.compare.keys import spelling_key
from duthao.domain.document import Document, FrontMatter
from duthao.domain.errors import Refusal
from duthao.domain.front_matter import opens_closing
from duthao.domain.numbering import LETTERS
from duthao.domain.outline import ONE_CELL, outline, plain_line
from duthao.domain.text import brief, clean, squeeze

MAX_TEXT = 2_000
"""Characters of an instruction's own words that are kept for its source."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an amending document says. `items` stand in the document's order.

    `articles` are the numbers of the amending articles; `laws` what each says it amends.
    """

    items: tuple[Instruction | Refused, ...]
    articles: tuple[str, ...]
    laws: tuple[tuple[str, str], ...] = ()


@dataclass
class _Node:
    """A labelled line: `level` 0 for Điều, 1 for "1.", 2 for "1.1", 3 for "a)", 4 for "-"."""

    level: int
    label: str
    line: int
    text: str
    prose: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    open_quote: bool = False
    children: list[_Node] = field(default_factory=list)


_ARTICLE = re.compile(
    r"(?:Điều|ĐIỀU)\s+(?P<n>\d{1,3}[a-zđ]?)\s*"
    r"(?:[.:]\s*(?P<rest>.*)|$|(?P<bare>(?:Sửa|Bổ sung|Thay|Bãi|Bỏ|H[uủ])\s.*))"
)
_ITEM = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2})*[a-zđ]?)\s*(?:[.)](?!\d)\s*|[-–]\s+)(?P<rest>\S.*)$")
_POINT = re.compile(r"(?P<n>[a-zđ]\d{0,2})\s*[).]\s*(?P<rest>\S.*)$")
_DASH = re.compile(r"[-–+•]\s*(?P<rest>\S.*)$")
_MARK_IN_CELL = re.compile(rf"^({re.escape(ONE_CELL)} )([{OPENING}\"])")
_INLINE = re.compile(r"(?:như sau|sau đây)\s*[:;.]?\s*(?=[“\"„”])|:\s*(?=[“\"„])", re.I)


def _label(text: str) -> tuple[int, str, str] | None:
    """(level, number, rest) of a labelled line."""
    if match := _ARTICLE.match(text):
        return 0, match["n"], match["rest"] or match["bare"] or ""
    if match := _ITEM.match(text):
        return (2 if "." in match["n"] else 1), match["n"], match["rest"]
    if match := _POINT.match(text):
        return 3, match["n"], match["rest"]
    if match := _DASH.match(text):
        return 4, "-", match["rest"]
    return None


def _follows(previous: str, label: str) -> bool:
    """Whether a number can come next after another of its level."""
    before, now = re.findall(r"\d+", previous), re.findall(r"\d+", label)
    if before and now:
        return int(now[-1]) in (int(before[-1]), int(before[-1]) + 1) and label != previous
    if previous[:1] in LETTERS and label[:1] in LETTERS:
        return LETTERS.index(label[0]) - LETTERS.index(previous[0]) in (0, 1) and label != previous
    return previous == label == "-"


class _Tree:
    """Builds the nodes; `open` is the chain of nodes from the article to here."""

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self.lines = lines
        self.texts = [text for _, text in lines]
        self.articles: list[_Node] = []
        self.open: list[_Node] = []
        self.closed = False  # below the last article: formula, recipients, signature

    def resumes(self, index: int) -> bool:
        """Whether the line at `index` is the next instruction, by number and by words."""
        found = _label(self.texts[index])
        if found is None:
            return False
        level, label, rest = found
        words = rest or (self.texts[index + 1] if index + 1 < len(self.texts) else "")
        if level == 0:
            articles = [node for node in self.open if node.level == 0]
            return bool(articles) and _follows(articles[-1].label, label)
        if not starts_instruction(words):
            return False
        chain = [node for node in self.open if node.level == level]
        if chain:
            return _follows(chain[-1].label, label)
        return label in ("1", "a", "1.1", "-")

    def build(self) -> list[_Node]:
        index = 0
        while index < len(self.lines):
            line, text = self.lines[index]
            if opens_quote(text) and self.open:
                end = block_end(self.texts, index, self.resumes)
                if end is None:
                    self.open[-1].open_quote = True
                    index = self._skip_open(index)
                    continue
                self.open[-1].quoted.extend(strip_quotes(self.texts[index : end + 1]))
                index = end + 1
                continue
            self._line(line, text)
            index = self._inline(index)
        return self.articles

    def _skip_open(self, index: int) -> int:
        """Past a quotation that nothing closes: on to the next instruction."""
        index += 1
        while index < len(self.lines) and not self.resumes(index):
            index += 1
        return index

    def _inline(self, index: int) -> int:
        """A quotation that begins on the instruction's own line; the next index to read."""
        node = self.open[-1] if self.open else None
        match = _INLINE.search(self.texts[index]) if node else None
        if node is None or match is None or not node.text.endswith(self.texts[index][match.end() :]):
            return index + 1
        tail = self.texts[index][match.end() :]
        shown = [*self.texts[:index], tail, *self.texts[index + 1 :]]
        end = block_end(shown, index, self.resumes)
        node.text = node.text[: len(node.text) - len(tail)].rstrip()
        if end is None:
            node.open_quote = True
            return self._skip_open(index)
        node.quoted.extend(strip_quotes(shown[index : end + 1]))
        return end + 1

    def _line(self, line: int, text: str) -> None:
        found = _label(text)
        if found is not None and found[0] and (not self.open or self.closed):
            found = None
        if found is None:
            self._prose(line, text)
            return
        level, label, rest = found
        self.closed = self.closed and level > 0
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        node = _Node(level, label, line, rest)
        (self.open[-1].children if self.open else self.articles).append(node)
        self.open.append(node)

    def _is_unnumbered(self, node: _Node, text: str) -> bool:
        """Whether a line without a number is an instruction: "Bổ sung khoản 6 như sau:" under a heading.

        Not while the line above still waits for its new text, which may begin with any word.
        """
        waits = node.text[-1] == ":" and node.level > 0 and not node.quoted
        return not waits and text[0].isupper() and starts_instruction(text)

    def _unnumbered(self, line: int, text: str) -> None:
        """One more instruction beside the one above, or the first one under an article's heading."""
        above = self.open[-1]
        if above.level:
            self.open.pop()
        node = _Node(above.level or 1, "", line, text)
        self.open[-1].children.append(node)
        self.open.append(node)

    def _prose(self, line: int, text: str) -> None:
        if opens_closing(text):
            self.closed = True
        if not self.open or self.closed or not any(map(str.isalpha, text)):
            return
        node = self.open[-1]
        if not node.text:
            node.text = text
        elif self._is_unnumbered(node, text):
            self._unnumbered(line, text)
        elif node.text[-1] not in ".;:" and not node.quoted and not node.prose and not text[0].isupper():
            node.text = f"{node.text} {text}"
        else:
            node.prose.append(text)


# --- which articles -------------------------------------------------------------------------


def _amends(article: _Node) -> bool:
    """Whether an article gives instructions at all, rather than saying when the text is in force."""
    if starts_instruction(article.text):
        return True
    heads = [child.text for child in article.children]
    return bool(heads) and not _is_final(article.text) and starts_instruction(heads[0])


def _is_final(text: str) -> bool:
    return re.search(r"hiệu lực|thi hành|chuyển tiếp|tổ chức thực hiện|trách nhiệm", text, re.I) is not None


def law_key(text: str) -> str:
    """What two names of one law share: letters in lower case, without numbers and dates."""
    named = re.split(r"\s+(?:số\s+\d|đã được|được|ban hành|ngày|như sau)", text.lower(), maxsplit=1)[0]
    return spelling_key(" ".join(re.findall(r"\w+", named)))


def base_names(front: FrontMatter) -> tuple[str, ...]:
    """How an amending text may name the base: by its type and title, or by its number."""
    title = law_key(f"{front.type} {front.title}")
    return tuple(name for name in (title if len(title.split()) > 2 else "", front.number.lower()) if name)


def speaks_of(law: str, names: Sequence[str]) -> bool:
    """Whether a law as named is the base of these names."""
    if not names:
        return False
    key = law_key(law)
    return any(name in key or (len(key.split()) > 2 and key in name) or name in law.lower() for name in names)


# --- instructions ---------------------------------------------------------------------------

_LEVEL_NAMES = {0: "Điều", 1: "khoản", 2: "khoản", 3: "điểm"}


def _source(chain: Sequence[_Node]) -> Source:
    named = [
        f"{_LEVEL_NAMES[n.level]} {n.label}" for n in reversed(chain) if n.label and n.level in _LEVEL_NAMES
    ]
    return Source(" ".join(named), chain[-1].line, chain[-1].text[:MAX_TEXT])


@dataclass
class _Reader:
    names: tuple[str, ...]
    chosen: bool  # whether laws other than the base are passed over
    items: list[Instruction | Refused] = field(default_factory=list)
    passed_over: list[_Node] = field(default_factory=list)

    def refuse(self, chain: Sequence[_Node], refusal: Refusal) -> None:
        self.items.append(Refused.of(_source(chain), refusal))

    def node(self, chain: list[_Node], around: tuple[Path, ...], verb: Verb | None) -> None:
        """One labelled line and all beneath it."""
        node = chain[-1]
        try:
            sentence = self._sentence(node, verb)
        except Refusal as refusal:
            if node.children and not node.quoted and any(starts_instruction(c.text) for c in node.children):
                self._children(chain, around, verb)
            else:
                self.refuse(chain, refusal)
            return
        if (
            sentence.law
            and self.chosen
            and not speaks_of(sentence.law, self.names)
            and _names_law(sentence.law)
        ):
            self.passed_over.append(node)
            return
        try:
            if _is_container(node, sentence):
                inner = _around(sentence, around)
                if node.open_quote:
                    self.refuse(chain, _quote_open(node))
            else:
                self.items.append(self._instruction(chain, sentence, around))
                return
        except Refusal as refusal:
            self.refuse(chain, refusal)
            return
        self._children(chain, inner, sentence.verb or verb)

    def _sentence(self, node: _Node, verb: Verb | None) -> Sentence:
        text = "".join(" " if 0xE000 <= ord(sign) <= 0xF8FF else sign for sign in node.text)
        found = phrases(text, FIRST_MARK)
        if found is None:
            raise _quote_open(node)
        return read(found[0], found[1], verb)

    def _children(self, chain: list[_Node], around: tuple[Path, ...], verb: Verb | None) -> None:
        if not chain[-1].children:
            self.refuse(chain, Refusal("amend_unreadable", excerpt=brief(chain[-1].text)))
        lost = False
        for child in chain[-1].children:
            if lost and not starts_instruction(child.text):
                continue
            self.node([*chain, child], around, verb)
            last = self.items[-1] if self.items else None
            lost = isinstance(last, Refused) and last.code == "amend_new_text_missing"

    def _instruction(self, chain: list[_Node], sentence: Sentence, around: tuple[Path, ...]) -> Instruction:
        node = chain[-1]
        if node.open_quote:
            raise _quote_open(node)
        needs = any(isinstance(operation, Amend | Insert) for operation in sentence.operations)
        if needs and not node.quoted:
            raise Refusal("amend_new_text_missing", excerpt=brief(node.text))
        stray = [*node.prose, *(child.text for child in node.children)] if needs else list(node.quoted)
        if node.quoted and stray:
            raise Refusal("amend_text_after_quote", excerpt=brief(stray[0]))
        if not sentence.operations:
            raise Refusal("amend_unreadable", excerpt=brief(node.text))
        operations = tuple(placed(operation, around) for operation in sentence.operations)
        whole = bool(sentence.law) and not around
        operations = tuple(
            replace(op, targets=(Address(((),)),))
            if isinstance(op, ReplacePhrases | InsertPhrase) and not op.targets and whole
            else op
            for op in operations
        )
        if any(isinstance(op, ReplacePhrases | InsertPhrase) and not op.targets for op in operations):
            raise Refusal("amend_address_missing", excerpt=brief(node.text))
        return Instruction(_source(chain), operations, tuple(node.quoted))


def _quote_open(node: _Node) -> Refusal:
    return Refusal("amend_quote_open", excerpt=brief(node.text))


def _law_of(text: str) -> str:
    match = LAW_NAME.search(text)
    return match["law"] if match else ""


def _names_law(law: str) -> bool:
    """Whether it is a name and not "Luật này" or a bare "Quy chế"."""
    return len(law_key(law).split()) > 2 and re.search(r"\bnày\b", law.lower()) is None


def _is_container(node: _Node, sentence: Sentence) -> bool:
    """One that says so, or one that needs new text and has instructions beneath instead."""
    if sentence.container:
        return True
    return bool(node.children) and not node.quoted and any(starts_instruction(c.text) for c in node.children)


def _around(sentence: Sentence, outer: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths a container gives to what stands beneath it. Raises Refusal amend_units_too_many."""
    own = sentence.around or tuple(
        path
        for operation in sentence.operations
        if not isinstance(operation, Insert)
        for address in operation.targets
        for path in address.paths
        if path
    )
    if not own:
        return outer
    found = dict.fromkeys(
        path
        for address in (placed(Amend((Address((p,), Part.WHOLE),)), outer) for p in own)
        if isinstance(address, Amend)
        for target in address.targets
        for path in target.paths
    )
    check_number(len(found))
    return tuple(found)


def lines_of(amending: Document | str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers from 1, squeezed."""
    if isinstance(amending, str):
        texts: Iterable[str] = clean(amending).text.split("\n")
    else:
        texts = (plain_line(entry) for entry in outline(amending).entries)
    # Two apostrophes stand for a quotation mark in some published copies; in a table of one
    # column the mark stands in the cell, behind the sign of the row.
    squeezed = (_MARK_IN_CELL.sub(r"\2\1", squeeze(text).replace("''", '"')) for text in texts)
    return [(number, line) for number, line in enumerate(squeezed, 1) if line]


def read_amending(
    amending: Document | str, *, base: FrontMatter | None = None, article: str | None = None
) -> Reading:
    """Every instruction of an amending document; total, it never raises on any text.

    `article` chooses one amending article by its number. Without it the articles (and
    containers) that name another text than `base` are passed over, when one of them names the
    base; else all are read.
    """
    articles = _Tree(lines_of(amending)).build()
    names = base_names(base) if base else ()
    if article is not None:
        wanted = [node for node in articles if node.label == article.strip().lower()]
    else:
        wanted = [node for node in articles if _amends(node)]
    chosen = article is None and any(
        speaks_of(_law_of(node.text), names) for top in wanted for node in (top, *top.children)
    )
    reader = _Reader(names, chosen)
    for node in wanted:
        reader.node([node], (), None)
    spoken = [node for node in wanted if not any(node is other for other in reader.passed_over)]
    return Reading(
        tuple(reader.items),
        tuple(node.label for node in spoken),
        tuple((node.label, node.text[:MAX_TEXT]) for node in spoken),
    )
