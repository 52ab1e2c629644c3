"""The grammar of one instruction: its words, without the new text, as operations.

Source of the phrases: 2,033 instruction lines of 49 amending laws and Nghị định 78/2025,
Điều 66 to 70. `read` is total: it answers with a `Sentence` or raises a Refusal that says
what could not be understood. Quotations stand in the text as private-use marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from duthao.domain.amend import becoming, words
from duthao.domain.amend.addresses import Scanner, bind, within
from duthao.domain.amend.sharing import inherit, placed
from duthao.domain.amend.values import (
    Address,
    Amend,
    Insert,
    InsertPhrase,
    Operation,
    Path,
    Recount,
    Repeal,
    Replacement,
    ReplacePhrases,
    Side,
)
from duthao.domain.amend.words import Verb
from duthao.domain.document import Kind
from duthao.domain.errors import Refusal
from duthao.domain.text import brief


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as read.

    `container` ones only say where the instructions beneath them belong: `around` are the
    paths they give, `verb` what a line without a verb inherits. `law` is the text named
    ("Luật Kiểm toán nhà nước"), "" when none. `announces`: it ends in "như sau" or a colon.
    """

    operations: tuple[Operation, ...]
    container: bool = False
    around: tuple[Path, ...] = ()
    verb: Verb | None = None
    law: str = ""
    announces: bool = False


def _unread(scanner: Scanner) -> Refusal:
    return Refusal("amend_unreadable", excerpt=brief(scanner.rest.strip() or scanner.text.strip()))


@dataclass
class _Sentence:
    scanner: Scanner
    quotes: Sequence[str]
    inherited: Verb | None
    operations: list[Operation]
    container: bool = False
    around: tuple[Path, ...] = ()
    law: str = ""
    verb: Verb | None = None

    # --- whole sentences --------------------------------------------------------------------

    def read(self) -> Sentence:
        """All clauses up to the end. Raises Refusal amend_unreadable, amend_phrase_pairs_unclear."""
        announces = words.ANNOUNCES.search(self.scanner.text) is not None
        self._clause(first=True)
        while not self._finished():
            if not self.scanner.take(words.SEPARATOR) or self.scanner.looking_at(words.END):
                raise _unread(self.scanner)
            self._clause()
        operations = inherit(tuple(self.operations))
        return Sentence(operations, self.container, self.around, self.verb, self.law, announces)

    def _finished(self) -> bool:
        scanner = self.scanner
        scanner.take(words.AS_FOLLOWS)
        if scanner.looking_at(words.END):
            return True
        match = words.LAW.match(scanner.text, scanner.at)
        if match is None:
            return False
        end = words.LAW_END.search(scanner.text, match.start("law"))
        stop = end.start() if end else len(scanner.text)
        self.law = self.law or scanner.text[match.start("law") : stop].strip(" .;:,")
        scanner.at = stop
        scanner.take(words.AS_FOLLOWS)
        return scanner.looking_at(words.END)

    def _verb(self) -> Verb | None:
        for verb, pattern in words.VERBS:
            if self.scanner.take(pattern):
                return verb
        return None

    def _clause(self, first: bool = False) -> None:
        verb = self._verb()
        if verb is None and not first and self.verb == "insert" and self._another_insertion():
            return
        if verb is None:
            self._verbless(first)
            return
        self.verb = self.verb or verb
        while self._one_more_verb():
            pass
        if self._phrases_follow():
            self._phrases(verb)
        elif verb == "insert":
            self._insert()
        else:
            self._targets(verb)

    def _one_more_verb(self) -> bool:
        """ "Bãi bỏ, thay thế một số cụm từ": a heading may name several verbs; the first counts."""
        start = self.scanner.at
        if self.scanner.take(words.SEPARATOR) and self._verb():
            return True
        self.scanner.at = start
        return False

    def _phrases_follow(self) -> bool:
        """Whether quoted phrases come next, with or without "cụm từ"."""
        probe = Scanner(self.scanner.text, self.scanner.at)
        probe.take(words.PHRASE)
        if probe.looking_at(words.QUOTE):
            return True
        # "Bổ sung vào sau cụm từ “Y” cụm từ “X”"
        probe = Scanner(self.scanner.text, self.scanner.at)
        return (
            probe.take(words.SIDE) is not None
            and probe.take(words.PHRASE) is not None
            and probe.looking_at(words.QUOTE)
        )

    def _verbless(self, first: bool) -> None:
        """Passive sentences, and lines that take their verb from the container."""
        scanner = self.scanner
        if self._phrases_follow():
            self._passive_phrases()
            return
        start = scanner.at
        if first and scanner.take(words.SIDE):
            self._anchor_first(words.SIDES[scanner.text[start : scanner.at].split()[-1].lower()])
            return
        prefixed = first and scanner.take(words.AT) is not None
        addresses = self._addresses()
        if not addresses:
            raise _unread(scanner)
        self._addressed(addresses, prefixed)

    def _addressed(self, addresses: tuple[Address, ...], prefixed: bool) -> None:
        """The address came first: "Điều 5 được sửa đổi", "Tại Điều 5, bổ sung khoản 6"."""
        scanner = self.scanner
        scanner.take(words.PAUSE)
        passive = scanner.take(words.PASSIVE) is not None
        if passive and (match := scanner.take(words.BECOMES)):
            self._becomes(addresses, merges=words.MERGES.search(match.group()) is not None)
            return
        verb = self._verb() or (None if prefixed or passive else self.inherited)
        if verb is None:
            raise _unread(scanner)
        self.verb = self.verb or verb
        known = len(self.operations)
        if self._phrases_follow():
            self._phrases(verb)
        elif verb == "insert" and passive and scanner.looking_at(words.SIDE):
            self._place(addresses)
        elif passive or scanner.looking_at(words.ENDS_HERE):
            scanner.take(words.BY)
            self.operations.append(Repeal(addresses) if verb == "repeal" else Amend(addresses))
        elif verb == "insert":
            self._insert()
        else:
            self._targets(verb)
        around = tuple(path for address in addresses for path in address.paths)
        for index in range(known, len(self.operations)):
            operation = self.operations[index]
            if isinstance(operation, ReplacePhrases | InsertPhrase) and not operation.targets:
                self.operations[index] = replace(operation, targets=addresses)
            else:
                self.operations[index] = placed(operation, around)

    def _becomes(self, addresses: tuple[Address, ...], *, merges: bool) -> None:
        """ "Các Điều 5, 6 được đánh số lại thành Điều 6, 7", "… được gộp thành khoản 3 như sau"."""
        self.verb = self.verb or ("exchange" if merges else "renumber")
        if merges:
            self.operations.extend(becoming.exchanged(addresses, self._results()))
        else:
            self.operations.append(becoming.renumbered(addresses, self._results()))

    # --- units ------------------------------------------------------------------------------

    def _addresses(self) -> tuple[Address, ...]:
        return bind(self.scanner.mentions())

    def _targets(self, verb: Verb) -> None:
        scanner = self.scanner
        if scanner.some():
            self._some()
            return
        if verb == "recount":
            scanner.take(words.AT)
        addresses = self._addresses()
        if not addresses:
            raise _unread(scanner)
        if verb in ("recount", "renumber", "exchange", "replace"):
            results = self._results()
            if verb == "recount" and not results:
                self.operations.append(Recount(addresses))
            elif verb in ("recount", "renumber"):
                self.operations.append(becoming.renumbered(addresses, results))
            elif verb == "exchange" or len(results) > 1:
                self.operations.extend(becoming.exchanged(addresses, results))
            else:
                self.operations.append(Amend(addresses))
        else:
            self.operations.append(Amend(addresses) if verb == "amend" else Repeal(addresses))

    def _results(self) -> tuple[Address, ...]:
        """ "thành khoản 4, khoản 5", "bằng Điều 9 mới": what the units named before become."""
        if not self.scanner.take(words.BY):
            return ()
        results = self._addresses()
        self.scanner.take(words.NEW)
        return results

    def _some(self) -> None:
        """ "một số khoản của Điều 9": a container; what follows may name where."""
        self.container = True
        scanner = self.scanner
        scanner.take(words.AS_FOLLOWS)
        start = scanner.at
        scanner.take(words.AT)
        if scanner.some():
            scanner.take(words.AS_FOLLOWS)
            start = scanner.at
            scanner.take(words.AT)
        addresses = self._addresses()
        if not addresses:
            scanner.at = start
        self.around += tuple(path for address in addresses for path in address.paths if path)

    def _insert(self) -> None:
        scanner = self.scanner
        if scanner.some():
            self._some()
            return
        start = scanner.at
        if match := scanner.take(words.SIDE):
            self._anchor_first(words.SIDES[match["side"].lower()])
            return
        scanner.at = start
        if match := scanner.take(words.PARAGRAPH):
            scanner.take(words.AS_FOLLOWS)
            units: tuple[Address, ...] = (Address((((Kind.PARAGRAPH, None),),)),)
            if (
                not scanner.looking_at(words.SIDE)
                and not scanner.looking_at(words.INTO)
                and scanner.take(words.AT)
            ):
                self.operations.append(Insert(units, Side.END, self._one()))
                return
            self._place(units)
            return
        if scanner.take(words.ROWS):
            scanner.take(words.AS_FOLLOWS)
            self._place((Address((((Kind.ROW, None),),)),))
            return
        units = self._addresses()
        if not units:
            raise _unread(scanner)
        self._place(units)

    def _another_insertion(self) -> bool:
        """ "…, khoản 3a vào sau khoản 3": one more insertion without its verb."""
        start = self.scanner.at
        units = self._addresses()
        if units and self.scanner.looking_at(words.SIDE):
            self._place(units)
            return True
        self.scanner.at = start
        return False

    def _place(self, units: tuple[Address, ...]) -> None:
        """Reads where the units go, and keeps the insertion."""
        scanner = self.scanner
        if match := scanner.take(words.SIDE):
            side = words.SIDES[match["side"].lower()]
            if side in (Side.START, Side.END):
                scanner.take(words.AT)
                anchor = self._maybe_one()
                if (nested := scanner.take(words.SIDE)) and anchor is None:
                    side, anchor = words.SIDES[nested["side"].lower()], self._one()
                self.operations.append(Insert(units, side, anchor))
                return
            self._beside(units, side)
        elif scanner.take(words.INTO) or (units[0].kind is not Kind.PARAGRAPH and scanner.take(words.AT)):
            anchor = self._maybe_one()
            if anchor is None:
                raise _unread(scanner)
            if match := scanner.take(words.SIDE):
                around = anchor.paths
                side = words.SIDES[match["side"].lower()]
                anchor = self._maybe_one()
                anchor = within(anchor, around) if anchor else Address(around)
                self.operations.append(Insert(units, side, anchor))
                return
            self.operations.append(Insert(units, Side.WITHIN, anchor))
        else:
            self.operations.append(Insert(units))

    def _beside(self, units: tuple[Address, ...], side: Side) -> None:
        """ "vào sau khoản 1[, khoản 3a vào sau khoản 3]"; the last mention may open the next."""
        scanner = self.scanner
        mentions = scanner.mentions()
        if not mentions:
            raise _unread(scanner)
        more = (
            len(mentions) > 1
            and mentions[-1].link in ("comma", "and", "semicolon")
            and scanner.looking_at(words.SIDE)
        )
        anchors = bind(mentions[:-1] if more else mentions)
        if len(anchors) != 1:
            raise Refusal("amend_place_unclear", excerpt=brief(scanner.text.strip()))
        self.operations.append(Insert(units, side, anchors[0]))
        if more:
            self._place(bind([replace(mentions[-1], link="")]))

    def _anchor_first(self, side: Side) -> None:
        """ "Bổ sung vào sau Điều 5 Điều 5a", "Sau Điều 5 bổ sung Điều 5a"."""
        scanner = self.scanner
        scanner.take(words.AT)
        mentions = scanner.mentions()
        self.verb = self.verb or "insert"
        if mentions and side in (Side.START, Side.END) and (phrase := self._quote()) is not None:
            # "Bổ sung vào cuối khoản 1 Điều 3 cụm từ “X”"
            self.operations.append(InsertPhrase(phrase, side, None, bind(mentions)))
            return
        verb = self._verb()
        if verb == "insert":
            anchors = bind(mentions)
            if scanner.take(words.PARAGRAPH):
                units: tuple[Address, ...] = (Address((((Kind.PARAGRAPH, None),),)),)
            else:
                units = self._addresses()
        elif scanner.take(words.PARAGRAPH):
            anchors, units = bind(mentions), (Address((((Kind.PARAGRAPH, None),),)),)
        else:
            cut = _first_of_higher(mentions)
            anchors, units = (
                bind(mentions[:cut]),
                bind([replace(m, link="") if i == 0 else m for i, m in enumerate(mentions[cut:])]),
            )
        if not units or len(anchors) != 1:
            raise _unread(scanner)
        self.operations.append(Insert(units, side, anchors[0]))

    def _maybe_one(self) -> Address | None:
        addresses = self._addresses()
        if len(addresses) > 1:
            raise Refusal("amend_place_unclear", excerpt=brief(self.scanner.text.strip()))
        return addresses[0] if addresses else None

    def _one(self) -> Address:
        address = self._maybe_one()
        if address is None:
            raise _unread(self.scanner)
        return address

    # --- phrases ----------------------------------------------------------------------------

    def _phrases(self, verb: Verb) -> None:
        {"insert": self._insert_phrases, "repeal": self._drop}.get(verb, self._replace)()

    def _quote(self) -> str | None:
        """The next quoted phrase, "cụm từ" before it stepped over."""
        start = self.scanner.at
        self.scanner.take(words.PHRASE)
        match = self.scanner.take(words.QUOTE)
        if match is None:
            self.scanner.at = start
            return None
        return self.quotes[ord(match["q"]) - words.FIRST_MARK]

    def _phrase_list(self) -> list[str]:
        found: list[str] = []
        while True:
            start = self.scanner.at
            if found:
                self.scanner.take(words.SEPARATOR)
            quote = self._quote()
            if quote is None:
                self.scanner.at = start
                return found
            found.append(quote)

    def _at(self) -> tuple[Address, ...] | None:
        """ "tại khoản 2 Điều 5 và Điều 7"; None when no place is named here."""
        scanner = self.scanner
        start = scanner.at
        named = scanner.take(words.AT) is not None
        if named and scanner.take(words.WHOLE_TEXT):
            if words.LAW.match(scanner.text, scanner.at) or scanner.looking_at(words.END):
                return (Address(((),)),)
            scanner.at = start
            return None
        if scanner.some():
            if (law := words.LAW.match(scanner.text, scanner.at)) is not None or scanner.looking_at(
                words.END
            ):
                return (Address(((),)),) if law else None
            scanner.take(words.AT)
        addresses = self._addresses() if named else ()
        if not addresses:
            scanner.at = start
            return None
        return addresses

    def _replace(self) -> None:
        """ "cụm từ A [tại …] bằng cụm từ B [tại …], cụm từ C bằng cụm từ D [tại …]"."""
        waiting: list[Replacement] = []
        last: tuple[Address, ...] | None = None
        olds = self._phrase_list()
        while olds:
            place = self._at()
            paired = self.scanner.take(words.RESPECTIVELY) is not None
            if not self.scanner.take(words.BY):
                raise Refusal("amend_phrase_pairs_unclear", phrase=brief(olds[-1]))
            paired = self.scanner.take(words.RESPECTIVELY) is not None or paired
            news = self._phrase_list()
            paired = self.scanner.take(words.RESPECTIVELY) is not None or paired
            following = self._following_olds(news)
            waiting.extend(_pairs(olds, news))
            last = place or self._at()
            if last is not None:
                self.operations.append(ReplacePhrases(tuple(waiting), last))
                waiting = []
            olds = following or self._next_phrases()
        if waiting:
            self.operations.append(ReplacePhrases(tuple(waiting), ()))

    def _following_olds(self, news: list[str]) -> list[str]:
        """In "A bằng B, C bằng D" the list after "bằng" reads B, C: C opens the next pair."""
        probe = Scanner(self.scanner.text, self.scanner.at)
        if len(news) == 2 and probe.take(words.BY):
            return [news.pop()]
        return []

    def _next_phrases(self) -> list[str]:
        """The phrases that go on after a separator, without a verb of their own."""
        start = self.scanner.at
        if self.scanner.take(words.SEPARATOR):
            self.scanner.take(words.REPLACE_VERB)
            found = self._phrase_list()
            if found:
                return found
        self.scanner.at = start
        return []

    def _drop(self) -> None:
        """ "Bỏ cụm từ A, cụm từ B tại …, cụm từ C tại …"."""
        phrases = self._phrase_list()
        while phrases:
            pairs = tuple(Replacement(phrase, "") for phrase in phrases)
            self.operations.append(ReplacePhrases(pairs, self._at() or ()))
            phrases = self._next_phrases()

    def _insert_phrases(self) -> None:
        scanner = self.scanner
        while True:
            if match := scanner.take(words.SIDE):
                side = words.SIDES[match["side"].lower()]
                beside = self._quote()
                place = self._at() if beside is not None else None
                phrase = self._quote()
                if phrase is None or beside is None:
                    raise _unread(scanner)
                self.operations.append(InsertPhrase(phrase, side, beside, place or self._at() or ()))
            else:
                self._insert_phrase()
            start = scanner.at
            if not scanner.take(words.SEPARATOR) or self._verb() or not self._phrases_follow():
                scanner.at = start
                self._same_phrase_elsewhere()
                return

    def _same_phrase_elsewhere(self) -> None:
        """ "…; vào cuối điểm i khoản 2 Điều 39": the phrase just inserted goes to another place too."""
        scanner = self.scanner
        start = scanner.at
        last = self.operations[-1]
        if not scanner.take(words.SEPARATOR) or not isinstance(last, InsertPhrase):
            scanner.at = start
            return
        match = scanner.take(words.SIDE)
        side = words.SIDES[match["side"].lower()] if match else None
        beside = self._quote() if side in (Side.AFTER, Side.BEFORE) else None
        targets = (self._at() or ()) if beside else self._addresses() if side else ()
        if side is None or not targets:
            scanner.at = start
            return
        self.operations.append(InsertPhrase(last.phrase, side, beside, targets))

    def _insert_phrase(self) -> None:
        scanner = self.scanner
        phrase = self._quote()
        before = self._at() if phrase is not None and not scanner.looking_at(words.SIDE) else None
        match = scanner.take(words.SIDE)
        if phrase is None or match is None:
            raise Refusal("amend_place_unclear", excerpt=brief(scanner.text.strip()))
        side = words.SIDES[match["side"].lower()]
        beside = self._quote()
        if beside is not None:
            self.operations.append(InsertPhrase(phrase, side, beside, self._at() or before or ()))
            return
        if side in (Side.AFTER, Side.BEFORE):
            raise _unread(scanner)
        scanner.take(words.AT)
        self.operations.append(InsertPhrase(phrase, side, None, self._addresses() or before or ()))

    def _passive_phrases(self) -> None:
        """ "Cụm từ A tại … được thay bằng cụm từ B", or a line under "Thay thế các cụm từ sau"."""
        scanner = self.scanner
        start = scanner.at
        olds = self._phrase_list()
        place = self._at()
        if scanner.take(words.PASSIVE):
            verb = self._verb()
            if verb == "repeal":
                self.operations.append(
                    ReplacePhrases(tuple(Replacement(old, "") for old in olds), place or self._at() or ())
                )
                return
            scanner.take(words.BY)
            news = self._phrase_list()
            if not news:
                raise _unread(scanner)
            self.operations.append(ReplacePhrases(_pairs(olds, news), place or self._at() or ()))
            return
        scanner.at = start
        verb = self.inherited
        if verb in ("replace", "amend"):
            self._replace()
        elif verb == "repeal":
            self._drop()
        elif verb == "insert":
            self._insert_phrases()
        else:
            raise _unread(scanner)


def _pairs(olds: Sequence[str], news: Sequence[str]) -> tuple[Replacement, ...]:
    """Which phrase replaces which. Raises Refusal amend_phrase_pairs_unclear."""
    if len(news) == 1:
        return tuple(Replacement(old, news[0]) for old in olds)
    if len(news) == len(olds):
        return tuple(Replacement(old, new) for old, new in zip(olds, news, strict=True))
    raise Refusal("amend_phrase_pairs_unclear", phrase=brief((news or olds)[-1]))


def _first_of_higher(mentions: Sequence) -> int:  # type: ignore[type-arg]
    """In "sau khoản 2 Điều 5 khoản 2a": where the new unit begins."""
    for index in range(1, len(mentions)):
        if mentions[index].rank >= mentions[index - 1].rank:
            return index
    return len(mentions)


def read(text: str, quotes: Sequence[str] = (), inherited: Verb | None = None) -> Sentence:
    """One instruction's sentence. `text` holds a mark for each of `quotes`.

    Raises Refusal: amend_unreadable, amend_phrase_pairs_unclear, amend_place_unclear,
    amend_units_too_many.
    """
    return _Sentence(Scanner(text), quotes, inherited, []).read()
