"""From a row of names and values, whatever the names, to a dataset of the normal form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from concordat.marketplace.feeds import normalise
from concordat.marketplace.feeds.record import FeedDataset, FeedDistribution, Line, plain

# What each of our fields is called elsewhere, best first. Names are compared without case,
# prefix or punctuation: dct:title, DCTERMS_TITLE and Title are one.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "identifier": ("identifier", "guid", "id", "@id", "datasetid", "uuid", "about", "name"),
    "title": ("title", "datasettitle", "datasetname", "label", "name"),
    "description": ("description", "notes", "abstract", "summary", "comment"),
    "publisher": (
        "publisher",
        "owner",
        "organization",
        "organisation",
        "publishername",
        "creator",
        "department",
        "author",
    ),
    "page": ("landingpage", "pageurl", "page", "url", "link", "homepage", "webpage"),
    "asset": ("asseturl", "downloadurl", "accessurl", "download", "resourceurl", "fileurl"),
    "keyword": ("keyword", "keywords", "tags", "originaltags", "tag"),
    "theme": ("theme", "themes", "category", "categories", "topic", "groups"),
    "licence": ("license", "licence", "licenseurl", "licensetitle", "licenseid", "rights"),
    "access": ("accessrights", "accesslevel"),
    "created": ("created", "datecreated", "creationdate"),
    "issued": ("issued", "releasedate", "published", "datepublished"),
    "modified": (
        "modified",
        "dateupdated",
        "lastupdated",
        "updated",
        "metadatamodified",
        "lastmodified",
    ),
    "frequency": ("accrualperiodicity", "updatefrequency", "frequency"),
    "contact": ("contactpoint", "contact", "maintainer", "contactname"),
    "email": (
        "contactemail",
        "maintaineremail",
        "authoremail",
        "email",
        "hasemail",
        "contactpointemail",
    ),
    "format": ("format", "filetype", "mediatype", "mimetype", "type"),
    "size": ("filesize", "bytesize", "size"),
    "unit": ("filesizeunit",),
    "filename": ("filename", "resourcename", "resourcetitle"),
    "distribution": ("distribution", "distributions", "resources", "resource"),
}
_UNITS: Final = {
    "": 1,
    "b": 1,
    "bytes": 1,
    "kb": 1000,
    "mb": 10**6,
    "gb": 10**9,
    "kib": 1024,
    "mib": 2**20,
}
MOST_TITLE: Final = 200
MOST_TEXT: Final = 20_000


def local(name: str) -> str:
    """A name without prefix, case and punctuation."""
    tail = (
        name
        if name.startswith("@")
        else name.rsplit("#", 1)[-1].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    )
    return "".join(c for c in tail.casefold() if c.isalnum() or c == "@")


class Row:
    """A row by local names, read by what our fields are called."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        for name, value in values.items():
            self.values.setdefault(local(str(name)), value)

    def raw(self, field: str) -> Any:
        """The first value that is not empty under any of the field's names."""
        for name in NAMES[field]:
            value = self.values.get(name)
            if value not in (None, "", [], {}) and not normalise.empty(text_of(value)):
                return value
        return None

    def text(self, field: str) -> str:
        """The same as text."""
        return text_of(self.raw(field))


def text_of(value: Any) -> str:
    """A value as text: of an object its name, title, value or id; of a list the first."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        row = {local(str(k)): v for k, v in value.items()}
        for name in (
            "fn",
            "name",
            "title",
            "label",
            "preflabel",
            "displayname",
            "@value",
            "value",
            "@id",
            "id",
        ):
            if row.get(name):
                return text_of(row[name])
        return ""
    if isinstance(value, list | tuple):
        return text_of(value[0]) if value else ""
    return str(value)


def list_of(value: Any) -> list[str]:
    """A value as short texts: a list, or one text with commas, semicolons or bars."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        found = [text_of(item) for item in value]
    else:
        text = text_of(value)
        mark = next((m for m in (";", "|", ",") if m in text), None)
        found = text.split(mark) if mark else [text]
    tidied = (normalise.tidy(item)[:75] for item in found)
    return list(dict.fromkeys(item for item in tidied if item and not normalise.empty(item)))[:100]


def dataset_of(values: Mapping[str, Any], place: str, lines: list[Line]) -> FeedDataset | None:
    """The dataset a row describes, or None when it cannot be one; `lines` gets what was done."""
    row = Row(values)
    page = _address(row, "page", place, lines)
    asset = _address(row, "asset", place, lines)
    source_id = normalise.tidy(row.text("identifier") if _has_identifier(row) else page or asset)
    title = normalise.tidy(normalise.words(row.text("title")))
    publisher = normalise.tidy(row.text("publisher"))
    if problem := _unusable(source_id, title, publisher):
        lines.append(Line(place, "rejected", problem, before=plain(title or source_id)))
        return None
    if len(title) > MOST_TITLE:
        lines.append(Line(place, "repaired", "Cut to 200 characters.", "title", plain(title)))
        title = title[: MOST_TITLE - 1].rstrip() + "…"
    found_licence = normalise.licence(row.text("licence"))
    if found_licence == "UNKNOWN":
        said = row.text("licence")
        lines.append(Line(place, "repaired", "No licence that we know.", "licence", plain(said)))
    return FeedDataset(
        source_id=source_id[:500],
        title=title,
        description=_description(row, title, place, lines),
        publisher=publisher[:255],
        keywords=tuple(list_of(row.raw("keyword"))),
        themes=tuple(list_of(row.raw("theme"))),
        contact_name=normalise.tidy(row.text("contact"))[:150],
        contact_email=_contact(row),
        licence=found_licence,
        access_rights=_access(row.text("access")),
        created=_day(row, "created", place, lines),
        issued=_day(row, "issued", place, lines),
        modified=_day(row, "modified", place, lines),
        frequency=normalise.frequency(row.text("frequency")),
        landing_page=page,
        distributions=tuple(_distributions(row, page, asset, found_licence, place, lines)),
    )


def _has_identifier(row: Row) -> bool:
    """Whether the row names itself, other than by a name that is also its title."""
    return any(
        row.values.get(n) for n in NAMES["identifier"] if n != "name" or "title" in row.values
    )


def _unusable(source_id: str, title: str, publisher: str) -> str:
    if not title:
        return "It has no title."
    if not source_id:
        return "It has no identifier and no address, and a title alone is not an identity."
    return "" if publisher else "It does not say who publishes it."


def _address(row: Row, field: str, place: str, lines: list[Line]) -> str:
    given = row.text(field)
    found = normalise.address(given)
    if given and not found:
        lines.append(Line(place, "repaired", "Not a web address; left out.", field, plain(given)))
    return found


def _description(row: Row, title: str, place: str, lines: list[Line]) -> str:
    given = row.text("description")
    text = normalise.words(given)
    if len(text) > MOST_TEXT:
        lines.append(Line(place, "repaired", "Cut to 20,000 characters.", "description"))
        text = text[: MOST_TEXT - 1] + "…"
    elif "<" in given:
        lines.append(Line(place, "repaired", "HTML made plain text.", "description"))
    return text or title


def _contact(row: Row) -> str:
    contact = row.raw("contact")
    inside = Row(contact).text("email") if isinstance(contact, Mapping) else ""
    return normalise.email(row.text("email")) or normalise.email(inside)


def _access(given: str) -> str:
    text = given.casefold()
    if "non" in text or "internal" in text or "private" in text:
        return "INTERNAL"
    return "COMMERCIAL" if "restricted" in text or "commercial" in text else "OPEN"


def _day(row: Row, field: str, place: str, lines: list[Line]) -> Any:
    given = row.text(field)
    found = normalise.day(given) if given else None
    if given and found is None:
        lines.append(Line(place, "repaired", "Not a date; left out.", field, plain(given)))
    return found


def _distributions(
    row: Row, page: str, asset: str, licence: str, place: str, lines: list[Line]
) -> Iterable[FeedDistribution]:
    given = row.raw("distribution")
    if given is None:
        if asset:
            yield _distribution(row, asset, licence, 1)
        return
    items = given if isinstance(given, list | tuple) else [given]
    for number, item in enumerate(items[:500], 1):
        if not isinstance(item, Mapping):
            lines.append(
                Line(
                    place,
                    "repaired",
                    "A distribution that is not described; left out.",
                    "distribution",
                    plain(item),
                )
            )
            continue
        inner = Row(item)
        url = normalise.address(inner.text("asset") or inner.text("page"))
        if not url:
            lines.append(
                Line(place, "repaired", f"Distribution {number} has no address.", "distribution")
            )
        yield _distribution(inner, url, licence, number)


def _distribution(row: Row, url: str, licence: str, number: int) -> FeedDistribution:
    label, media_type = normalise.format_of(row.text("format"), url)
    own = normalise.licence(row.text("licence"))
    title = normalise.tidy(
        row.text("filename") or (row.text("title") if "distribution" not in row.values else "")
    )
    return FeedDistribution(
        identifier=(url or f"distribution-{number}")[:480],
        title=(title or label)[:200],
        description=normalise.words(row.text("description"))[:4000]
        if not row.raw("keyword")
        else "",
        access_url=url,
        format=label,
        media_type=media_type,
        licence=own if own != "UNKNOWN" else licence,
        byte_size=_size(row),
    )


def _size(row: Row) -> int | None:
    unit = _UNITS.get(row.text("unit").casefold())
    try:
        size = int(float(row.text("size").replace(",", "")) * (unit or 0))
    except ValueError:
        return None
    return size if 0 < size < 2**62 else None
