"""What one cell of a workbook says: nothing, yes or no, a month, an amount, several bodies.

A cell says nothing only when the whole of it is one of the ways in which people write that; a text
that merely holds such words is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

_WORDS: Final = {
    **dict.fromkeys(("information", "info", "detail", "details"), "I"),
    **dict.fromkeys(("not", "no", "nto"), "N"),
    **dict.fromkeys(
        (
            "identified",
            "specified",
            "found",
            "included",
            "announced",
            "stated",
            "provided",
            "reported",
            "applicable",
            "available",
        ),
        "P",
    ),
    **dict.fromkeys(("easily", "readily", "clearly", "explicitly"), "A"),
    **dict.fromkeys(("within", "in", "from", "to"), "W"),
    **dict.fromkeys(("the", "this", "a"), "T"),
    **dict.fromkeys(("report", "reports", "document", "evaluation"), "R"),
    **dict.fromkeys(("outcome", "outcomes", "method", "methods", "methodology"), "S"),
    **dict.fromkeys(("is", "was", "are", "were"), "B"),
    "on": "O",
    "separate": "X",
}
# “Information (on outcomes) was not easily identified within the report”, “no outcomes identified in
# the report”, “not found”, “information specified in a separate report”, each by its words' letters.
_UNSAID: Final = re.compile(
    r"(T?I(OS)?B?NA?P|N(I(OS)?|S)?B?A?P)(WT?R)?|IPWT?XR",
)
_UNSAID_WHOLE: Final = frozenset(
    {"n/a", "na", "n.a", "nan", "#n/a", "none stated", "missing - needs to be added"}
    | {"other (please specify)", "other (please state)"}
)
_LONGEST_UNSAID: Final = 100
_YES: Final = re.compile(r"(y|yes|true|1)(\s*\([^)]*\))?", re.IGNORECASE)
_NO: Final = re.compile(r"(n|no|false|0)(\s*\([^)]*\))?", re.IGNORECASE)
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_YEAR: Final = re.compile(r"(19\d\d|20\d\d|2100)(\.0+)?", re.ASCII)
_ISO: Final = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_NAMED: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[A-Za-z.]{3,10})\s+(?P<year>(?:19|20)\d\d)",
    re.ASCII,
)
_STROKES: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)", re.ASCII)
_AMOUNT: Final = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,6})?", re.ASCII)
_BETWEEN: Final = re.compile(r"[;|\n](?![^()]*\))")
_CLOSED: Final = re.compile(r"closed\s+organi[sz]ation\s*:\s*", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"other\s*\((?P<inside>[^()]*)\)\s*[:–-]?\s*(?P<after>.*)", re.IGNORECASE
)
_ASKS: Final = re.compile(r"please\s+(specify|state)", re.IGNORECASE)


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates as ISO writes them; "" for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        if cell != cell:
            return "nan"
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
        )
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()


def identifier(text: str) -> str:
    """An id as it is compared: a whole number that a spreadsheet wrote with a point is that number."""
    return re.sub(r"^(\d+)\.0+$", r"\1", " ".join(text.split()))


def says_nothing(text: str) -> bool:
    """Whether the whole cell is a way of writing that something is not stated."""
    return len(text) <= _LONGEST_UNSAID and _nothing(text)


@lru_cache(maxsize=4096)
def _nothing(text: str) -> bool:
    plain = " ".join(text.casefold().split()).strip(" .\"'‘’“”*-–")
    if not plain or plain in _UNSAID_WHOLE:
        return bool(text)
    letters = ""
    for word in re.split(r"[\s,]+", plain):
        letters += _letter(word)
        if letters.endswith("?"):
            return False
    return _UNSAID.fullmatch(letters) is not None


def _letter(word: str) -> str:
    """The letter of a word, misspelt words of some length included; “?” for any other word."""
    if word in _WORDS:
        return _WORDS[word]
    if word.startswith("not") and len(word) > 8:
        return f"N{_letter(word[3:])}"
    close = get_close_matches(word, [w for w in _WORDS if len(w) > 6], 1, 0.8)
    return _WORDS[close[0]] if close and len(word) > 6 else "?"


def yes_or_no(text: str) -> bool | None:
    """True or False for “Y”, “Yes”, “True”, “Y (AA)”, “N” and so on; None for anything else."""
    if _YES.fullmatch(text):
        return True
    return False if _NO.fullmatch(text) else None


def month(text: str) -> int | None:
    """1 to 12 for a month's name in any case, whole or its beginning, or its number; else None."""
    plain = text.strip().rstrip(".").casefold()
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) < 3 and 1 <= int(plain) <= 12 else None
    if len(plain) < 3:
        return None
    found = [n for n, name in enumerate(MONTHS, 1) if name.casefold().startswith(plain)]
    return found[0] if len(found) == 1 else None


def moment(month_text: str, year_text: str) -> str | None:
    """`2016-11` or `2016` for the two cells of a date; "" where both are empty; None where they
    are no date."""
    if not month_text and not year_text:
        return ""
    year = _YEAR.fullmatch(year_text)
    number = month(month_text)
    if year is None or (month_text and number is None):
        return None
    return f"{year[1]}-{number:02}" if number else year[1]


def written(text: str, *, day_first: bool = False) -> str | None:
    """A date in one cell as `2016-11-03`, `2016-11` or `2016`; None for anything else.

    Written as that, or with the month's name; with `day_first` also as 3/11/2016.
    """
    if found := _ISO.fullmatch(text):
        return _real(*found.groups())
    if found := _NAMED.fullmatch(text):
        number = month(found["month"])
        return _real(found["year"], str(number), found["day"]) if number else None
    if day_first and (found := _STROKES.fullmatch(text)):
        return _real(found[3], found[2], found[1])
    return None


def _real(year: str, month_text: str | None, day: str | None) -> str | None:
    parts = [int(part) for part in (year, month_text, day) if part]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    return "-".join(f"{part:02}" for part in parts)


def amount(text: str) -> str | None:
    """The pounds of a cell that is a number and nothing else, as decimal text; None for prose."""
    found = _AMOUNT.fullmatch(text)
    return found[1].replace(",", "") + (found[2] or "") if found else None


def names(text: str) -> Iterator[str]:
    """The names in a cell, joined by `;`, `|` or line ends, without `Closed organisation:` and
    `Other (…)` around them."""
    for part in _BETWEEN.split(text):
        plain = _CLOSED.sub("", " ".join(part.split()), count=1)
        other = _OTHER.fullmatch(plain)
        if other is not None:
            asks = _ASKS.search(other["inside"])
            inside = other["after"] if other["after"] or asks else other["inside"]
            for each in re.split(r"[;|]", inside):
                if each.strip():
                    yield _CLOSED.sub("", each.strip(), count=1)
        elif plain and not says_nothing(plain):
            yield plain
