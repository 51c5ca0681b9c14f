"""The part of YAML in which vocabularies and front matter are written: blocks of names and values,
lists, and plain or quoted text.

Whatever else YAML can say (anchors, types, flowing lists, folded text) is refused with its line, so
that nothing is read as something other than what was meant. A name that is said twice keeps its
first value and is reported, where most readers silently keep the last.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from concordat.evaluations.feeds.remarks import AgendaError, RowMessage

_PAIR: Final = re.compile(r"([\w-]+):(?:\s+(.*))?")
_BEYOND: Final = ("&", "*", "!", "|", ">", "{", "[", "%", "@", "`")
_DEEPEST: Final = 20


class _Line(NamedTuple):
    number: int
    indent: int
    text: str

    @property
    def is_item(self) -> bool:
        return self.text == "-" or self.text.startswith("- ")


def read_blocks(text: str) -> tuple[Any, list[RowMessage]]:
    """(the names and values, or the list, that a text writes; what it says twice).

    A value that is left out is None; every other is text. Raises AgendaError, with the line.
    """
    lines = [
        _Line(number, len(line) - len(line.lstrip(" ")), line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#") and line.strip() != "---"
    ]
    reading = _Reading(lines)
    if not lines:
        return None, []
    value = reading.block(lines[0].indent)
    if reading.lines:
        raise _wrong(reading.lines[0], "stands further out than what it belongs to")
    return value, reading.twice


def _wrong(line: _Line, says: str) -> AgendaError:
    return AgendaError(f"Line {line.number} {says}. Write names, a colon and values, or lists.")


class _Reading:
    """The lines that are still to be read."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines[::-1]  # the next one last
        self.twice: list[RowMessage] = []
        self.depth = 0

    def block(self, indent: int) -> Any:
        """What the lines of this indent say."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _wrong(self.lines[-1], "is too deep")
        value = self._list(indent) if self.lines[-1].is_item else self._names(indent)
        self.depth -= 1
        if self.lines and self.lines[-1].indent > indent:
            raise _wrong(self.lines[-1], "stands further in than what is before it")
        return value

    def _list(self, indent: int) -> list[Any]:
        items = []
        while self.lines and self.lines[-1].indent == indent and self.lines[-1].is_item:
            line = self.lines.pop()
            inner = line.text[1:].lstrip()
            if _PAIR.fullmatch(inner):  # the first of its names stands beside the dash
                at = indent + len(line.text) - len(inner)
                self.lines.append(_Line(line.number, at, inner))
                items.append(self.block(at))
            else:
                items.append(_scalar(line, inner))
        return items

    def _names(self, indent: int) -> dict[str, Any]:
        named: dict[str, Any] = {}
        while self.lines and self.lines[-1].indent == indent and not self.lines[-1].is_item:
            line = self.lines.pop()
            pair = _PAIR.fullmatch(line.text)
            if pair is None:
                raise _wrong(line, "is no name and value")
            value = _scalar(line, pair[2]) if pair[2] else self._beneath(indent)
            if pair[1] in named:
                says = f"“{pair[1][:60]}” is said again; the first is kept"
                self.twice.append(RowMessage(f"line {line.number}", says, "Say it once"))
            named.setdefault(pair[1], value)
        return named

    def _beneath(self, indent: int) -> Any:
        """The value that stands on the lines beneath its name; None for none."""
        if not self.lines:
            return None
        following = self.lines[-1]
        if following.indent > indent or (following.indent == indent and following.is_item):
            return self.block(following.indent)
        return None


def _scalar(line: _Line, text: str) -> str | None:
    if not text:
        return None
    if text[0] in "\"'":
        if len(text) < 2 or text[-1] != text[0] or "\\" in text or text[0] in text[1:-1]:
            raise _wrong(line, "holds a quotation that is not plain")
        return text[1:-1]
    if text.startswith(_BEYOND) or ": " in text or text.endswith(":"):
        raise _wrong(line, "says more than a plain value")
    return text.split(" #", 1)[0].rstrip()
