"""What somebody typed, as words, phrases and words to leave out; and where they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final

import tantivy

from concordat.kernel.publication.models import record_kinds
from concordat.kernel.publication.reference import ALPHABET, tidy

LONGEST: Final = 300  # characters of a query that are read
MOST_WORDS: Final = 12
_PIECE: Final = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_WORD: Final = re.compile(r"[^\W_]+")
WHOLE: Final = len("DS-7K2M-41")  # a shorter reference is the beginning of one
_REFERENCE: Final = re.compile(
    rf"([A-Z]{{2}})-(?:[{ALPHABET}]{{2,3}}|[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{0,2}})?)"
)


@cache
def analyser() -> Any:
    """English words as the index keeps them: lower case, without accents, stemmed."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(80),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def stems(text: str) -> list[str]:
    """The words of a text as the index keeps them."""
    return [str(word) for word in analyser().analyze(text)]


@dataclass(frozen=True)
class Asked:
    """A query that was understood; `cut` says that some of it was too long to read."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    reference: str = ""
    cut: bool = False

    @property
    def wanted(self) -> frozenset[str]:
        """Every stem that a result may be shown to match."""
        return frozenset(self.words) | {word for phrase in self.phrases for word in phrase}


def read(text: str) -> Asked:
    """Understand any text at all; nothing in it is ever an error."""
    held = text.replace("\0", " ").strip()
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    if reference := _reference(held):
        return Asked(reference=reference)
    for minus, phrase, word in _PIECE.findall(held[:LONGEST]):
        found = stems(phrase or word)
        if minus:
            without += found
        elif phrase and len(found) > 1:
            phrases.append(tuple(found))
        else:
            words += found
    unique = tuple(dict.fromkeys(words))
    cut = len(held) > LONGEST or len(unique) > MOST_WORDS
    return Asked(unique[:MOST_WORDS], tuple(phrases[:4]), tuple(without[:MOST_WORDS]), "", cut)


def _reference(text: str) -> str:
    """The reference, or the beginning of one, as the index holds it; "" when it is neither.

    Only what begins as some kind of record does is one: "on-call" is two words.
    """
    found = _REFERENCE.fullmatch(tidy(text)) if len(text) <= WHOLE else None
    known = found and any(found[1] == model.PREFIX for model in record_kinds().values())
    return found[0].lower() if found and known else ""


def marked(text: str, wanted: frozenset[str], most: int = 0) -> str:
    """The text as HTML, escaped, with <mark> around each word that was asked for.

    `most` characters around the first such word are kept, all of it when 0.
    """
    spans = [m.span() for m in _WORD.finditer(text) if set(stems(m.group())) & wanted]
    start, stop = _window(text, spans, most)
    pieces, place = [], start
    for first, last in spans:
        if first < start or last > stop:
            continue
        pieces += [escape(text[place:first]), "<mark>", escape(text[first:last]), "</mark>"]
        place = last
    pieces.append(escape(text[place:stop]))
    return ("…" if start else "") + "".join(pieces) + ("…" if stop < len(text) else "")


def _window(text: str, spans: list[tuple[int, int]], most: int) -> tuple[int, int]:
    if not most or len(text) <= most:
        return 0, len(text)
    middle = spans[0][0] if spans else 0
    start = max(0, min(middle - most // 3, len(text) - most))
    if start:
        start = text.find(" ", start) + 1 or start
    return start, min(len(text), start + most)
