"""What another service says of a person who signed in there, and what of it counts here.

The claims come from outside: every one may be missing, of another type or far too long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from duthao.domain.errors import Refusal

MAX_SUBJECT: Final = 255
"""As the standard bounds `sub`."""
MAX_USERNAME: Final = 80
MAX_NAME: Final = 200
ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Voucher:
    """Who the provider says this is. `subject` never changes there; `username` may. `proved_twice`: the
    provider says that it asked for a second proof."""

    subject: str
    username: str
    name: str
    proved_twice: bool


def _words(value: object, most: int) -> str:
    """The value as one line of words; "" when it is none."""
    if not isinstance(value, str) or len(value) > 4 * most:
        return ""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return line if len(line) <= most else ""


def methods_of(claims: Mapping[str, object]) -> frozenset[str]:
    """How the person was proved there: the values of `amr` and `acr`."""
    told = claims.get("amr")
    listed = [one for one in told[:20] if isinstance(one, str)] if isinstance(told, list) else []
    level = claims.get("acr")
    return frozenset([*listed, *([level] if isinstance(level, str) else [])])


def voucher_of(claims: Mapping[str, object], username_claim: str, second_proof: str) -> Voucher:
    """What these checked claims say.

    `username_claim` names the one that is the user name here; `second_proof` the values, parted by commas,
    of `amr` or `acr` that stand for a second proof ("*": whatever is said, "": none does).
    Raises Refusal: oidc_claim_missing (`claim`) when there is no such claim, it is no name an account
    could have, or is an e-mail address that the provider has not proved.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise Refusal("oidc_claim_missing", claim="sub")
    given = claims.get(username_claim)
    username = _words(given, MAX_USERNAME).casefold()
    # What cleaning would change is another name than the one that was vouched for.
    if not username or " " in username or len(username) > MAX_USERNAME or given != str(given).strip():
        raise Refusal("oidc_claim_missing", claim=username_claim[:40])
    if username_claim == "email" and claims.get("email_verified") is not True:
        raise Refusal("oidc_claim_missing", claim="email_verified")
    wanted = frozenset(part.strip() for part in second_proof.split(",") if part.strip())
    proved_twice = ANY in wanted or bool(wanted & methods_of(claims))
    return Voucher(subject, username, _words(claims.get("name"), MAX_NAME) or username, proved_twice)
