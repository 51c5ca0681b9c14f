"""Learning agendas: the questions that bodies want answered, their tags, and who asks.

Questions come as a table with one row a question and its tags in one cell with commas between; a tag
may itself hold commas. Tags are kept as they are written. One that the vocabulary does not hold is
reported and never taken for another.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from concordat.evaluations.feeds.blocks import read_blocks
from concordat.evaluations.feeds.remarks import AgendaError, RowMessage

MOST_ROWS: Final = 2000
MOST_TEXT: Final = 4000
_COLUMNS: Final = {
    "source_id": ("questionid", "question id", "id"),
    "code": ("agency abbreviation", "body code", "body"),
    "name": ("agency name", "body name"),
    "text": ("full question text", "question", "text"),
    "tags": ("tags",),
}
_NEEDED: Final = ("source_id", "code", "text")
_ASKED_FOR: Final = {"source_id": "QuestionID", "code": "Agency Abbreviation", "text": "Question"}


@dataclass(frozen=True)
class QuestionRow:
    """One question as the file has it. `code` and `name` are what the file calls the body that asks;
    `place` is its row."""

    place: str
    source_id: str
    code: str
    name: str
    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class QuestionRows:
    """The questions of a file, and what is wrong in it, in the order of its rows."""

    rows: list[QuestionRow] = field(default_factory=list)
    messages: list[RowMessage] = field(default_factory=list)


@dataclass(frozen=True)
class Tag:
    """A word of the vocabulary."""

    name: str
    group: str
    definition: str


@dataclass(frozen=True)
class Agency:
    """A body that asks, with where its agenda and its yearly plans are; "" where it says nothing.

    `messages` are what its page says twice.
    """

    name: str
    address: str
    agenda: str
    policy: str
    capacity: str
    plans: tuple[tuple[str, str], ...]  # (year, address)
    messages: tuple[RowMessage, ...] = ()


def read_questions(content: bytes, known: Collection[str] = ()) -> QuestionRows:
    """The questions of a CSV file in UTF-8 or Windows-1252.

    `known` is the vocabulary of tags; empty, no tag is looked up. Raises AgendaError.
    """
    reader = csv.reader(io.StringIO(_text_of(content), newline=""))
    header = next(reader, [])
    columns = _columns(header)
    found, seen = QuestionRows(), dict[str, str]()
    try:
        for number, cells in enumerate(reader, 2):
            if number > MOST_ROWS + 1:
                raise AgendaError(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
            if any(cell.strip() for cell in cells):
                told = {k: cells[at] if at < len(cells) else "" for k, at in columns.items()}
                _take(found, f"row {number}", told, known, seen)
    except csv.Error as error:
        raise AgendaError(f"The file is no CSV near line {reader.line_num}: {error}.") from error
    return found


def _text_of(content: bytes) -> str:
    if b"\0" in content:
        raise AgendaError("The file is not text. Save it as CSV in UTF-8.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AgendaError("The file is neither UTF-8 nor Windows-1252. Save it as CSV in UTF-8.")


def _columns(header: list[str]) -> dict[str, int]:
    """Where each field stands, by the names in the first row. Raises AgendaError for one missing."""
    places = {" ".join(name.lower().split()): at for at, name in reversed([*enumerate(header)])}
    columns = {
        field_name: places[name]
        for field_name, names in _COLUMNS.items()
        for name in reversed(names)
        if name in places
    }
    if missing := [_ASKED_FOR[name] for name in _NEEDED if name not in columns]:
        says = f"The first row has no column {', '.join(missing)}."
        raise AgendaError(f"{says} Name the columns in the first row, as the template does.")
    return columns


def _take(
    found: QuestionRows,
    place: str,
    told: Mapping[str, str],
    known: Collection[str],
    seen: dict[str, str],
) -> None:
    """Add one row to what was found, or say why not."""
    one_line = {name: " ".join(cell.split()) for name, cell in told.items()}
    wrong = list(_faults(place, one_line, seen))
    found.messages.extend(wrong)
    if wrong:
        return
    tags = split_tags(one_line.get("tags", ""), known)
    found.messages.extend(
        RowMessage(
            f"{place}, Tags",
            f"“{tag}” is not in the vocabulary",
            _nearest(tag, known) or "Use a tag of the vocabulary, or add this one to it",
        )
        for tag in tags
        if known and tag not in known
    )
    seen[one_line["source_id"]] = place
    found.rows.append(
        QuestionRow(
            place,
            one_line["source_id"],
            one_line["code"],
            one_line.get("name", ""),
            one_line["text"],
            tuple(tags),
        )
    )


def _faults(place: str, told: Mapping[str, str], seen: Mapping[str, str]) -> Iterator[RowMessage]:
    for name in _NEEDED:
        if not told[name]:
            label = _ASKED_FOR[name]
            yield RowMessage(f"{place}, {label}", "This cell is empty", f"Enter the {label}", True)
    if len(told["text"]) > MOST_TEXT:
        says = f"Enter {MOST_TEXT:,} characters or fewer"
        yield RowMessage(f"{place}, Question", "The question is too long", says, True)
    if len(told["source_id"]) > 255:
        yield RowMessage(f"{place}, QuestionID", "It is too long", "Enter up to 255", True)
    if told["source_id"] in seen:
        says = f"“{told['source_id']}” is in {seen[told['source_id']]} already"
        yield RowMessage(f"{place}, QuestionID", says, "Give each question its own", True)


def split_tags(cell: str, known: Collection[str] = ()) -> list[str]:
    """The tags of one cell, each once, in their order.

    The longest tag of the vocabulary that fits is taken first, commas and all; elsewhere a comma
    parts two tags unless it stands within brackets.
    """
    tags: list[str] = []
    longest = sorted(known, key=len, reverse=True)
    while cell := cell.strip(" ,"):
        tag = next((tag for tag in longest if _begins(cell, tag)), None) or _upto_comma(cell)
        cell = cell[len(tag) :]
        if tag.strip() and tag.strip() not in tags:
            tags.append(tag.strip())
    return tags


def _begins(cell: str, tag: str) -> bool:
    return cell.startswith(tag) and cell[len(tag) :].lstrip()[:1] in ("", ",")


def _upto_comma(cell: str) -> str:
    depth = 0
    for at, character in enumerate(cell):
        depth += (character == "(") - (character == ")")
        if character == "," and (depth <= 0 or ")" not in cell[at:]):
            return cell[:at]
    return cell


def _nearest(tag: str, known: Collection[str]) -> str:
    """A question about the tag that differs in its letters' case alone; "" for none."""
    same = next((each for each in known if each.casefold() == tag.casefold()), None)
    return f"Did you mean “{same}”?" if same else ""


def read_tags(text: str) -> list[Tag]:
    """A vocabulary: groups of tags, each with its definition. Raises AgendaError."""
    groups, _ = read_blocks(text)
    if not isinstance(groups, list):
        raise AgendaError("The vocabulary is no list of groups. Write “- name:” and “tags:”.")
    return [
        Tag(_said(told, "tag"), _said(group, "name"), _defined(told))
        for group in groups
        for told in _listed(group, "tags")
    ]


def _defined(told: Any) -> str:
    """A definition, with what it lists after it."""
    parts = [_said(told, "definition"), *(_said(b, "bullet") for b in _listed(told, "bullets"))]
    return "\n".join(part for part in parts if part)


def _said(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return unescape(value) if isinstance(value, str) else ""


def _listed(told: Any, name: str) -> list[Any]:
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, list) else []


def read_agency(text: str) -> Agency:
    """The front matter of one body's page. Raises AgendaError where there is none."""
    parts = text.lstrip("\ufeff").split("---", 2)
    framed = len(parts) == 3 and not parts[0].strip()
    told, twice = read_blocks(parts[1]) if framed else (None, [])
    name = _said(told, "agency-name")
    if not name:
        raise AgendaError("The page names no body. Begin it with “---” and “agency-name:”.")
    plans = [(_said(plan, "name"), _said(plan, "link")) for plan in _listed(told, "eval-plan")]
    return Agency(
        name=name,
        address=_said(told, "agency-link"),
        agenda=_said(told, "learning-agenda"),
        policy=_said(told, "eval-policy"),
        capacity=_said(told, "capacity-assesment") or _said(told, "capacity-assessment"),
        plans=tuple(plan for plan in plans if plan[1]),
        messages=tuple(twice),
    )
