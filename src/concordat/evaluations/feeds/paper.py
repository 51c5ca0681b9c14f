"""A version of a plan on paper: a PDF that says what its page says, with the digest on each page.

Set in Source Sans (SIL Open Font License), which holds Latin, Greek and Cyrillic; a letter that it
does not hold is set as a box, and the file of data has it. The same version is the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import XPos, YPos

_FAMILY: Final = "Source Sans"
_FACES: Final = {"": "SourceSansPro-Regular.ttf", "B": "SourceSansPro-Bold.ttf"}
_UNKNOWN: Final = "\u2610"
_GREY: Final = (80, 90, 95)


@dataclass(frozen=True)
class Part:
    """A heading at a level (1 to 3), and rows of label and words."""

    title: str
    level: int
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """What a version says: `above` stands over the title, `foot` on each page."""

    above: str
    title: str
    lead: str
    parts: Sequence[Part]
    foot: Sequence[str]
    author: str
    made: datetime


class _Paper(FPDF):
    """Pages of A4 with the foot of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        for style, name in _FACES.items():
            self.add_font(_FAMILY, style, str(_folder() / name))
        self.known = frozenset(self.fonts[_FAMILY.lower()].cmap)  # type: ignore[union-attr]
        self.set_margins(20, 18)
        self.set_auto_page_break(auto=True, margin=28)
        self.set_creation_date(sheet.made)
        self.set_title(sheet.title)
        self.set_author(sheet.author)
        self.set_lang("en-GB")

    def footer(self) -> None:
        """The digest and the number of the page."""
        self.set_y(-24)
        self.set_font(_FAMILY, "", 8)
        self.set_text_color(*_GREY)
        for line in (*self.sheet.foot, f"Page {self.page_no()} of {{nb}}"):
            self.say(line, 4)
        self.set_text_color(0, 0, 0)

    def say(self, words: str, height: float) -> None:
        """A paragraph, from the left margin to the right."""
        whole = unicodedata.normalize("NFC", words.replace("\t", " ").replace("\u2011", "-"))
        kept = "".join(c if c == "\n" or ord(c) in self.known else _UNKNOWN for c in whole)
        self.multi_cell(
            0, height, kept, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT, markdown=False
        )

    def styled(self, words: str, style: str, size: float, height: float) -> None:
        """A paragraph in a face and a size."""
        self.set_font(_FAMILY, style, size)
        self.say(words, height)


@cache
def _folder() -> Path:
    return Path(str(font_source_sans_pro.__path__[0])) / "files"


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF."""
    paper = _Paper(sheet)
    paper.add_page()
    paper.styled(sheet.above, "", 11, 6)
    paper.styled(sheet.title, "B", 20, 9)
    paper.ln(2)
    paper.styled(sheet.lead, "", 11, 6)
    for part in sheet.parts:
        _write(paper, part)
    return bytes(paper.output())


def _write(paper: _Paper, part: Part) -> None:
    sizes = {1: 15.0, 2: 13.0, 3: 11.5}
    paper.ln(3)
    if paper.will_page_break(24):  # a heading stays with what it heads
        paper.add_page()
    paper.start_section(part.title, level=0, strict=False)
    paper.styled(part.title, "B", sizes[part.level], 7)
    for label, words in _said(part.rows):
        paper.styled(label, "B", 10, 5.5)
        paper.styled(words, "", 10.5, 5.5)
        paper.ln(1)


def _said(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((label, words) for label, words in rows if words)
