"""`duthao convert-encoding FILE…`: text files between TCVN3 (ABC), VNI and Unicode; shows first."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duthao.commands.files import STREAM, read_bytes, write_bytes
from duthao.domain.encodings.conversion import NAMES, LegacyEncoding, from_unicode, raised, to_unicode
from duthao.domain.encodings.detection import Preview, Verdict, detect
from duthao.domain.encodings.mending import Mending, mend
from duthao.domain.errors import Refusal
from duthao.domain.text import MAX_BYTES, MAX_CHARACTERS, MAX_LINES, nfc
from duthao.messages import Catalogue

AUTO, UNICODE = "auto", "unicode"
FORMATS: Final = ("tcvn3", "vni")
_BINARY: Final = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)
_SHOWN: Final = 10
"""Characters without a code that are named."""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """The arguments of `duthao convert-encoding`."""
    say = catalogue
    parser.add_argument("files", metavar="FILE", nargs="+", help=say("cli.convert-encoding.files"))
    parser.add_argument(
        "--from", dest="source", choices=(AUTO, *FORMATS, UNICODE), default=AUTO,
        help=say("cli.convert-encoding.from"),
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="target", choices=(UNICODE, *FORMATS), default=UNICODE,
        help=say("cli.convert-encoding.to"),
    )  # fmt: skip
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--out", metavar="FOLDER", help=say("cli.convert-encoding.out"))
    where.add_argument("--in-place", action="store_true", help=say("cli.convert-encoding.in_place"))
    parser.add_argument("--capitals", action="store_true", help=say("cli.convert-encoding.capitals"))
    parser.add_argument("--mend", action="store_true", help=say("cli.convert-encoding.mend"))


@dataclass(frozen=True, slots=True)
class _Done:
    content: bytes
    source: LegacyEncoding | None
    verdict: Verdict
    previews: tuple[Preview, ...]
    mendings: tuple[Mending, ...] = ()
    lowered: int = 0


def _decoded(data: bytes) -> str:
    """The characters of a file: UTF-8 or UTF-16 where it is that, else each byte one (Windows-1252).

    Raises Refusal text_too_large, text_binary, text_empty.
    """
    if len(data) > MAX_BYTES:
        raise Refusal("text_too_large", mebibytes=MAX_BYTES >> 20, characters=MAX_CHARACTERS, lines=MAX_LINES)
    if data.startswith(_BINARY) or (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise Refusal("text_binary")
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        # Bytes that Windows-1252 leaves open are what Latin-1 has there.
        text = "".join(bytes((b,)).decode("cp1252", "ignore") or chr(b) for b in data)
    if not text.strip():
        raise Refusal("text_empty")
    return text


def _source(text: str, given: str) -> tuple[LegacyEncoding | None, Verdict]:
    """Raises Refusal encoding_unsure: nothing is converted on a guess."""
    verdict = detect(text)
    if given == AUTO:
        if verdict.encoding is not None and not verdict.certain:
            raise Refusal(
                "encoding_unsure", encoding=NAMES[verdict.encoding], percent=round(100 * verdict.confidence)
            )
        return verdict.encoding, verdict
    return ("tcvn3" if given == "tcvn3" else "vni" if given == "vni" else None), verdict


def converted(
    data: bytes, source: str, target: str, *, capitals: bool = False, mended: bool = False
) -> _Done:
    """A file's bytes in the other encoding. Raises Refusal, and encoding_missing (`characters`)."""
    text = _decoded(data)
    found, verdict = _source(text, source)
    plain = text
    if found is not None:
        plain = to_unicode(text, found, capitals=capitals)
        plain = plain if capitals else raised(plain)
    plain = nfc(plain)
    mendings: tuple[Mending, ...] = ()
    if mended:
        done = mend(plain)
        plain, mendings = done.text, done.mendings
    content, lowered = _encoded(plain, target)
    # What is to be Unicode is shown as it reads; codes are shown as the bytes they become.
    lines = zip(text.splitlines(), (plain if target == UNICODE else text).splitlines(), strict=False)
    shown = [Preview(n, a[:100], b[:100]) for n, (a, b) in enumerate(lines, start=1) if a != b]
    return _Done(content, found, verdict, tuple(shown[:3]), mendings, lowered)


def _encoded(text: str, target: str) -> tuple[bytes, int]:
    if target == UNICODE:
        return text.encode("utf-8", "replace"), 0
    encoded = from_unicode(text, "tcvn3" if target == "tcvn3" else "vni")
    bytes_, missing = bytearray(), dict(encoded.missing)
    for sign in encoded.codes:
        try:
            bytes_ += sign.encode("latin-1" if sign <= "\xff" else "cp1252")
            if sign > "\xff":
                missing.pop(sign, None)
        except UnicodeEncodeError:
            missing[sign] = missing.get(sign, 1)
    if missing:
        signs = " ".join(list(missing)[:_SHOWN])
        raise Refusal("encoding_missing", count=sum(missing.values()), characters=signs, encoding=target)
    return bytes(bytes_), sum(encoded.lowered.values())


def _report(done: _Done, target: str, say: Catalogue) -> None:
    name = NAMES[done.source] if done.source else "Unicode"
    print(
        "  " + say("cli.convert-encoding.found", encoding=name, percent=round(100 * done.verdict.confidence)),
        file=sys.stderr,
    )
    for preview in done.previews:
        print(f"  {preview.line}: {preview.before}\n   → {preview.after}", file=sys.stderr)
    for one in done.mendings:
        sort = say(f"mending.{one.code}", count=one.count)
        print(f"  {sort}: {one.before!r} → {one.after!r}", file=sys.stderr)
    if done.lowered:
        print(
            "  " + say("cli.convert-encoding.lowered", count=done.lowered, encoding=target), file=sys.stderr
        )


def _written(name: str, content: bytes, arguments: argparse.Namespace) -> str | None:
    """Where it went: nowhere, unless a folder or --in-place says where. Raises Refusal."""
    if name == STREAM:
        write_bytes(STREAM, content)
        return None
    if arguments.in_place:
        write_bytes(name, content)
        return name
    if arguments.out is None:
        return None
    target = Path(arguments.out) / Path(name).name
    if target.resolve() == Path(name).resolve():
        raise Refusal("encoding_same_file", file=name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Refusal("folder_unwritable", folder=arguments.out) from None
    write_bytes(str(target), content)
    return str(target)


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Each file by itself; 1 when one could not be converted, the others are."""
    failed = 0
    for at, name in enumerate(arguments.files, start=1):
        print(f"[{at}/{len(arguments.files)}] {name}", file=sys.stderr)
        try:
            done = converted(
                read_bytes(name), arguments.source, arguments.target,
                capitals=arguments.capitals, mended=arguments.mend,
            )  # fmt: skip
            _report(done, arguments.target, catalogue)
            where = _written(name, done.content, arguments)
        except Refusal as refusal:
            print(f"  {catalogue.refusal(refusal)} [{refusal.code}]", file=sys.stderr)
            failed += 1
            continue
        if where is not None:
            print("  " + catalogue("cli.convert-encoding.written", file=where), file=sys.stderr)
        elif name != STREAM:
            print("  " + catalogue("cli.convert-encoding.only_shown"), file=sys.stderr)
    return 1 if failed else 0
