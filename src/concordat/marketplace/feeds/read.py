"""Which kind of catalogue is it? CSV, JSON (DCAT, data.json, CKAN) or RDF; anything else is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from concordat.marketplace.feeds.delimited import csv_rows
from concordat.marketplace.feeds.documents import json_items
from concordat.marketplace.feeds.found import FeedError, Found
from concordat.marketplace.feeds.graphs import rdf_nodes
from concordat.marketplace.feeds.record import FeedDataset, FeedResource, FeedService, Line
from concordat.marketplace.feeds.rows import resource_of

MOST_BYTES: Final = 512 * 1024 * 1024
MOST_RDF_BYTES: Final = 64 * 1024 * 1024  # a graph takes some fifty times its text in memory
_RDF: Final = {
    ".ttl": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".n3": "turtle",
    ".nt": "nt",
    ".trig": "trig",
}
# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Which bytes of four are mostly zero where the text is mostly Latin.
_BY_ZEROS: Final = {
    "x0x0": "utf-16-le",
    "0x0x": "utf-16-be",
    "x000": "utf-32-le",
    "000x": "utf-32-be",
}
_NOT_TEXT: Final = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet. Unpack it, or save the sheet as CSV.",
    b"\x1f\x8b": "compressed with gzip. Unpack it.",
    b"%PDF": "a PDF document.",
    b"\xd0\xcf\x11\xe0": "an old Office document. Save the sheet as CSV.",
    b"PAR1": "a Parquet file, which is data and not a catalogue.",
    b"SQLi": "a database. Export its table as CSV.",
}


def read(path: Path, publisher: str = "") -> Iterator[FeedDataset | FeedService | Line]:
    """Every dataset and service of a catalogue file, each once, then the lines of the report.

    Rows of one identity are one dataset with several distributions. `publisher` is taken for rows
    that name none. The same file gives the same records, with the same digests, at every reading.
    Raises FeedError for what is no catalogue, and nothing else.
    """
    yield from _gathered(_found(path), publisher)


def read_all(
    paths: Iterable[Path], publisher: str = ""
) -> Iterator[FeedDataset | FeedService | Line]:
    """The same of several files that are one source: an identity in two of them is one record.

    A file that is no catalogue is a line of the report and stops none of the others.
    """

    def found() -> Iterator[Found]:
        for path in paths:
            try:
                rows = list(_found(path))  # before any is used, since a fault may stand at the end
            except FeedError as error:
                yield Line(path.name, "refused", str(error))
            else:
                yield from rows

    yield from _gathered(found(), publisher)


def _found(path: Path) -> Iterator[Found]:
    """What a file holds, and a line that says so where it holds no row."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FeedError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB. Split it.")
    text = decoded(path.read_bytes(), path.name)
    kind = kind_of(text, path.suffix.lower(), path.name)
    if kind == "json":
        found = json_items(text, path.name)
    elif kind == "csv":
        found = csv_rows(text, path.name)
    elif size > MOST_RDF_BYTES:
        raise FeedError(f"{path.name} is larger than {MOST_RDF_BYTES // 2**20} MB. Split it.")
    else:
        found = rdf_nodes(text, kind, path.name)
    rows = 0
    for each in found:
        rows += not isinstance(each, Line) or each.outcome == "rejected"
        yield each
    if not rows:
        yield Line(path.name, "noted", "It is a catalogue, and it holds no dataset.")


def decoded(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32, with a mark or known by its zeros, else
    Windows-1252.

    Raises FeedError for what is not text.
    """
    for start, what in _NOT_TEXT.items():
        if data.startswith(start):
            raise FeedError(f"{name} is {what}")
    if encoding := _wide(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise FeedError(
                f"{name} seems to be {encoding.upper()}, and is not whole. Save it as UTF-8."
            ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise FeedError(f"{name} is not text. Send CSV, JSON, Turtle or RDF/XML.")
    return data.decode("cp1252", errors="replace")


def _wide(data: bytes) -> str:
    """Which encoding of two or four bytes a character this is, or ""."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[: min(len(data), 4000) // 4 * 4]
    if not head:
        return ""
    zeros = "".join("0" if head[n::4].count(0) * 10 > len(head) else "x" for n in range(4))
    return _BY_ZEROS.get(zeros, "")


def kind_of(text: str, suffix: str, name: str) -> str:
    """`csv`, `json`, or the name of an RDF form: by what the text begins with, then by its name.

    Raises FeedError for an empty file and for a web page.
    """
    start = text[:4096].lstrip().casefold()
    if not start:
        raise FeedError(f"{name} is empty.")
    if start.startswith(("<!doctype html", "<html")):
        raise FeedError(
            f"{name} is a web page, not a catalogue. Fetch the catalogue's own address."
        )
    if suffix in (".csv", ".tsv", ".json", ".jsonld"):
        return "csv" if suffix in (".csv", ".tsv") else "json"
    if start[0] in "{[" and suffix != ".ttl":
        return "json"
    if start.startswith(("<?xml", "<rdf:", "<!doctype", "<!--")):
        return "xml"
    if start.startswith(("@prefix", "@base", "prefix ", "base <", "<http", "<urn:")):
        return _RDF.get(suffix, "turtle") if suffix != ".xml" else "turtle"
    return _RDF.get(suffix, "csv")


def _gathered(found: Iterator[Found], publisher: str) -> Iterator[FeedDataset | FeedService | Line]:
    """Records by identity, in the order of their first rows, then the lines of the report."""
    groups: dict[tuple[type, str], list[FeedResource]] = {}
    places: dict[tuple[type, str], str] = {}
    lines: list[Line] = []
    for each in found:
        if isinstance(each, Line):
            lines.append(each)
            continue
        place, values = each
        made = resource_of(values, place, lines, publisher)
        if made is None:
            continue
        group = groups.setdefault((type(made), made.source_id), [])
        group.append(made)
        if len(group) == 1:
            places[type(made), made.source_id] = place
            lines.append(Line(place, "used", f"{_noun(made)} “{made.title}”."))
        else:
            lines.append(Line(place, "merged", f"Another form of “{group[0].title}”."))
    for first, *others in groups.values():
        assert isinstance(first, FeedDataset | FeedService)
        record = first.merged(others) if others else first
        lines += _not_given(record, places[type(first), first.source_id])
        yield record
    yield from lines


def _not_given(record: FeedDataset | FeedService, place: str) -> Iterator[Line]:
    """What is left empty because its source does not say it."""
    if record.modified is None:
        yield Line(place, "noted", "No date of a last change is given.", "modified")
    elif record.created and record.created > record.modified:
        said = "Created after it was last changed: left out."
        yield Line(place, "noted", said, "created", str(record.created))
    if not (record.contact_name or record.contact_email):
        yield Line(place, "noted", "No contact is given.", "contact")


def _noun(made: FeedResource) -> str:
    return "Data service" if isinstance(made, FeedService) else "Dataset"
