"""A second proof at sign-in: codes of six digits that change every half minute.

RFC 4226 (HOTP) and RFC 6238 (TOTP) as every authenticator program speaks them: SHA-1, six
digits, thirty seconds. Nine lines of HMAC; a library for them would be one more to trust.
Recovery codes stand in when the telephone is gone: each works once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

PERIOD: Final = 30_000
"""Milliseconds a code is shown."""
DIGITS: Final = 6
AROUND: Final = 1
"""Periods a clock may be off, either way."""
SECRET_BYTES: Final = 20
RECOVERY: Final = 10
RECOVERY_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


def code_at(secret: str, counter: int) -> str:
    """The code of this period; `secret` is base32, as a program is given it."""
    mac = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching(secret: str, code: str, now: int, after: int = -1) -> int | None:
    """The period this code is of, if it is of now or of a neighbour and later than `after`.

    `now` in UTC milliseconds. A code that was used is `after`'s and never matches again.
    """
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    middle = now // PERIOD
    found = None
    # All are looked at, whichever fits: how long it takes tells nothing.
    for counter in range(max(0, middle - AROUND), middle + AROUND + 1):
        if hmac.compare_digest(code_at(secret, counter), typed) and counter > after:
            found = counter
    return found


def new_secret(random: bytes) -> str:
    """Base32 of at least `SECRET_BYTES` random bytes."""
    if len(random) < SECRET_BYTES:
        raise ValueError("too little chance")
    return base64.b32encode(random).decode()


def address(secret: str, account: str, house: str) -> str:
    """What a program reads from the picture: the `otpauth` address of Google's key format."""
    label = f"{quote(house, safe='')}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(house, safe='')}"


def recovery_code(random: bytes) -> str:
    """Ten letters in two halves, for a person to write down: "k7mpq-x2abc"."""
    letters = "".join(RECOVERY_LETTERS[byte % len(RECOVERY_LETTERS)] for byte in random[:10])
    return f"{letters[:5]}-{letters[5:]}"


def recovery_key(code: str) -> str:
    """Under which a recovery code is kept, whatever spaces, dashes and capitals it is typed with."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def grouped(secret: str) -> str:
    """In fours, to be typed."""
    return " ".join(_fours(secret))


def _fours(text: str) -> Iterable[str]:
    return (text[at : at + 4] for at in range(0, len(text), 4))
