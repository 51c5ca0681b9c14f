"""Human references such as DS-7K2M-41: short, speakable, not guessable from one another."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

# No I, L, O, U: nothing that reads as a digit, nothing that spells a word by accident.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make(prefix: str) -> str:
    """A new reference, 30 bits of chance: `DS-7K2M-41`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"


def tidy(text: str) -> str:
    """A reference as people type it, in the form it is stored: upper case, I and L as 1, O as 0."""
    prefix, _, rest = unicodedata.normalize("NFKC", text).strip().upper().partition("-")
    return f"{prefix}-{rest.translate(str.maketrans('ILO', '110'))}" if rest else prefix
