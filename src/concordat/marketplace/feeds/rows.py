"""From a row of names and values, whatever the names, to a dataset or a service in normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from concordat.kernel.reference import codelist
from concordat.marketplace.feeds import normalise
from concordat.marketplace.feeds.exchange import MEDIA_TYPE
from concordat.marketplace.feeds.names import NAMES, local
from concordat.marketplace.feeds.record import (
    FeedDataset,
    FeedDistribution,
    FeedService,
    Line,
    plain,
    told_apart,
)

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
MOST_FORMS: Final = 500
_DEEPEST: Final = 8
_NAMES_OF_A_THING: Final = (
    "fn",
    "preflabel",
    "title",
    "displayname",
    "name",
    "contactname",
    "label",
    "@value",
    "value",
    "en",
    "engb",
    "@id",
    "id",
)


class Row:
    """A row by local names, read by what our fields are called."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {}
        for name, value in values.items():
            key = local(str(name))
            if self.values.get(key) in (None, ""):
                self.values[key] = value

    def raw(self, field: str) -> Any:
        """The first value that is not empty under any of the field's names."""
        for name in NAMES[field]:
            value = self.values.get(name)
            if value in (None, "", [], {}):
                continue
            # Distributions without a name are distributions all the same.
            if field == "distribution" and not isinstance(value, str):
                return value
            if not normalise.empty(text_of(value)):
                return value
        return None

    def text(self, field: str) -> str:
        """The same as text."""
        return text_of(self.raw(field))


class Report:
    """Where a row stands, and the lines about it."""

    def __init__(self, place: str, lines: list[Line]) -> None:
        self.place = place
        self.lines = lines

    def repaired(self, message: str, field: str = "", before: Any = "") -> None:
        """Say what was changed."""
        self.lines.append(Line(self.place, "repaired", message, field, plain(before)))

    def rejected(self, message: str, before: Any = "") -> None:
        """Say why the row is not used."""
        self.lines.append(Line(self.place, "rejected", message, before=plain(before)))

    def ignored(self, message: str, before: Any = "") -> None:
        """Say why the row is passed over, though nothing is wrong with it."""
        self.lines.append(Line(self.place, "ignored", message, before=plain(before)))


def text_of(value: Any, depth: int = 0) -> str:
    """A value as text: of an object its name, title, value or id; of a list the English or first.

    Blank-node names (`_:b0`) are no text: they change with every reading.
    """
    if value is None or depth > _DEEPEST:
        return ""
    if isinstance(value, Mapping):
        row = {local(str(k)): v for k, v in value.items()}
        found = (text_of(row[n], depth + 1) for n in _NAMES_OF_A_THING if row.get(n))
        return next((text for text in found if text), "")
    if isinstance(value, list | tuple):
        found = (text_of(item, depth + 1) for item in sorted(value[:100], key=_foreign))
        return next((text for text in found if text), "")
    text = str(value)
    return "" if text.startswith("_:") else text


def _foreign(value: Any) -> bool:
    """Whether a value says that it is in another language than English."""
    said = value.get("@language") if isinstance(value, Mapping) else None
    return isinstance(said, str) and not said.lower().startswith("en")


def list_of(value: Any) -> list[str]:
    """A value as short texts: a list, or one text with commas, semicolons or bars."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        found = [text_of(item) for item in value[:1000]]
    else:
        text = text_of(value)[:20_000]
        mark = next((m for m in (";", "|", ",") if m in text and "://" not in text), None)
        found = text.split(mark) if mark else [text]
    tidied = (normalise.tidy(normalise.words(item))[:75].strip() for item in found)
    return list(dict.fromkeys(item for item in tidied if item and not normalise.empty(item)))[:100]


def resource_of(
    values: Mapping[str, Any], place: str, lines: list[Line], publisher: str = ""
) -> FeedDataset | FeedService | None:
    """What a row describes, or None when it cannot be used; `lines` gets what was done.

    `publisher` is taken where the row names none.
    """
    row, report = Row(values), Report(place, lines)
    if why := _unlisted(row):
        report.ignored(why, row.text("title"))
        return None
    page = _address(row, "page", report)
    endpoint = _address(row, "endpoint", report)
    asset = _address(row, "asset", report)
    source_id = normalise.tidy(_own_id(row)) or page or endpoint or asset
    title = _line(row, "title", MOST_TITLE, report)
    publisher = _line(row, "publisher", 255, report) or publisher
    if problem := _unusable(source_id, title, publisher):
        report.rejected(problem, title or source_id)
        return None
    if len(source_id) > 500:
        report.rejected("Its identifier is longer than 500 characters.", source_id)
        return None
    common = _common(row, title, report)
    common |= {"source_id": source_id, "publisher": publisher, "landing_page": page}
    if is_service(row):
        common["licence"] = _licence_of(row, common["licence"], (), report)
        return _service(row, endpoint, common, report)
    forms = told_apart(_distributions(row, asset, common["licence"], report))
    common["licence"] = _licence_of(row, common["licence"], forms, report)
    frequency = normalise.frequency(row.text("frequency"))
    return FeedDataset(**common, frequency=frequency, distributions=forms)


def _unlisted(row: Row) -> str:
    """Why its source does not show it: deleted, a draft, private."""
    state = text_of(row.values.get("state") or row.values.get("status")).casefold()
    if state in ("deleted", "draft", "withdrawn"):
        return f"Its source says that it is {state}."
    if text_of(row.values.get("private")).casefold() == "true":
        return "Its source says that it is private."
    return ""


def is_service(row: Row) -> bool:
    """Whether a row is an API: by its type, or by an endpoint where nothing is distributed."""
    said = row.values.get("@type", row.values.get("type"))
    kinds = {local(text_of(kind)) for kind in (said if isinstance(said, list) else [said])}
    if kinds & {"dataservice", "webapi"}:
        return True
    return "dataset" not in kinds and bool(
        row.text("endpoint") and row.raw("distribution") is None and row.text("servicetype")
    )


def _service(row: Row, endpoint: str, common: dict[str, Any], report: Report) -> FeedService:
    described = row.text("endpointdescription")
    page = normalise.address(described)
    if described and not page:
        report.repaired("Not a web address; left out.", "endpointdescription", described)
    return FeedService(
        **common,
        endpoint_url=endpoint,
        endpoint_description=page or common["landing_page"] or endpoint,
        service_type=_code("service_types", row.text("servicetype"), "REST"),
        service_status=_code("service_statuses", row.text("servicestatus"), "LIVE"),
    )


def _code(name: str, given: str, otherwise: str) -> str:
    code = normalise.tidy(given).rsplit("/", 1)[-1].upper()
    return code if code in codelist(name) else otherwise


def _common(row: Row, title: str, report: Report) -> dict[str, Any]:
    """What datasets and services are both asked for."""
    return {
        "title": title,
        "alternative_titles": tuple(t[:200] for t in list_of(row.raw("alternative")) if t != title),
        "description": _description(row, title, report),
        "keywords": tuple(list_of(row.raw("keyword"))),
        "themes": tuple(dict.fromkeys(map(normalise.theme, list_of(row.raw("theme"))))),
        "contact_name": normalise.tidy(row.text("contact"))[:150].strip(),
        "contact_email": _contact(row, report),
        "licence": normalise.licence(row.text("licence")),
        "access_rights": _access(row, report),
        "created": _day(row, "created", report),
        "issued": _day(row, "issued", report),
        "modified": _day(row, "modified", report),
    }


def _own_id(row: Row) -> str:
    """The identifier its source gives it; a `name` only where there is a title besides."""
    for name in NAMES["identifier"]:
        if name != "name" or "title" in row.values:
            found = text_of(row.values.get(name))
            if not normalise.empty(found):
                return found
    return ""


def _unusable(source_id: str, title: str, publisher: str) -> str:
    if not title:
        return "It has no title."
    if not source_id:
        return "It has no identifier and no address, and a title alone is not an identity."
    return "" if publisher else "It does not say who publishes it."


def _line(row: Row, field: str, most: int, report: Report) -> str:
    """One line of plain text, cut and reported where it is longer than `most` characters."""
    text = normalise.tidy(normalise.words(row.text(field)))
    if len(text) <= most:
        return text
    report.repaired(f"Cut to {most} characters.", field, text)
    return text[: most - 1].rstrip() + "…"


def _address(row: Row, field: str, report: Report) -> str:
    given = row.text(field)
    found = normalise.address(given)
    if given and not found:
        report.repaired("Not a web address; left out.", field, given)
    return found


def _description(row: Row, title: str, report: Report) -> str:
    given = row.text("description")
    text = normalise.words(given)
    if len(text) > MOST_TEXT:
        report.repaired("Cut to 20,000 characters.", "description", text)
        text = text[: MOST_TEXT - 1] + "…"
    elif normalise.is_html(given):
        report.repaired("HTML made plain text.", "description", given)
    return text or title


def _contact(row: Row, report: Report) -> str:
    contact = row.raw("contact")
    contact = contact[0] if isinstance(contact, list) and contact else contact
    inside = Row(contact).text("email") if isinstance(contact, Mapping) else ""
    given = inside or row.text("email")
    found = normalise.email(given)
    if given and not found:
        report.repaired("Not an e-mail address; left out.", "email", given)
    return found


def _access(row: Row, report: Report) -> str:
    """OPEN where nothing is said, as in an open catalogue; INTERNAL where the word is unknown."""
    given = row.text("access")
    found = normalise.access(given)
    if given and not found:
        report.repaired("Access rights that we do not know: taken as internal.", "access", given)
        return "INTERNAL"
    return found or "OPEN"


def _day(row: Row, field: str, report: Report) -> date | None:
    given = row.text(field)
    found = normalise.day(given) if given else None
    if given and found is None:
        report.repaired("Not a date; left out.", field, given)
    elif normalise.stroked(given):
        report.repaired(f"Read with the day first, as {found}.", field, given)
    return found


def _licence_of(row: Row, own: str, forms: tuple[FeedDistribution, ...], report: Report) -> str:
    """The dataset's licence: its own, or the one that all its distributions agree on (DCAT-AP)."""
    if own != "UNKNOWN":
        return own
    given = row.text("licence")
    shared = {form.licence for form in forms}
    if not given and len(shared) == 1 and shared != {"UNKNOWN"}:
        return shared.pop()
    said = "A licence that we do not know; kept as unknown." if given else "No licence is given."
    report.repaired(said, "licence", given)
    return own


def _distributions(
    row: Row, asset: str, licence: str, report: Report
) -> Iterator[FeedDistribution]:
    given = row.raw("distribution")
    if given is None:
        if asset:
            yield _distribution(row, asset, "", asset, licence)
        return
    items = given if isinstance(given, list | tuple) else [given]
    if len(items) > MOST_FORMS:
        report.repaired(f"Only the first {MOST_FORMS} distributions are kept.", "distribution")
    for number, item in enumerate(items[:MOST_FORMS], 1):
        if not isinstance(item, Mapping):
            report.repaired("A distribution without a description; left out.", "distribution", item)
            continue
        inner = Row(item)
        url = normalise.address(inner.text("access_url") or inner.text("page"))
        download = normalise.address(inner.text("download_url"))
        if not url and not download:
            report.repaired(f"Distribution {number} has no address.", "distribution", item)
        name = normalise.tidy(_own_id(inner)) or url or download or f"distribution-{number}"
        yield _distribution(inner, url or download, download, name, licence, nested=True)


def _distribution(
    row: Row, url: str, download: str, identifier: str, licence: str, *, nested: bool = False
) -> FeedDistribution:
    label, media_type = normalise.format_of(row.text("format"), download or url)
    if label == "Other":
        label, media_type = normalise.format_of(row.text("media_type"), download or url)
        given = normalise.tidy(row.text("media_type"))
        known = len(given) <= 127 and MEDIA_TYPE.fullmatch(given)
        media_type = given if label == "Other" and known else media_type
    own = normalise.licence(row.text("licence"))
    title = normalise.tidy(row.text("filename") or (row.text("title") if nested else ""))
    text = normalise.words(row.text("description")) if nested else ""
    return FeedDistribution(
        identifier=identifier[:480],
        title=(title or label)[:200].strip(),
        description=text[:4000],
        access_url=url,
        download_url=download,
        format=label,
        media_type=media_type,
        licence=own if own != "UNKNOWN" else licence,
        byte_size=_size(row),
    )


def _size(row: Row) -> int | None:
    unit = _UNITS.get(row.text("unit").casefold())
    try:
        size = int(float(row.text("size")[:40].replace(",", "")) * (unit or 0))
    except (ValueError, OverflowError):
        return None
    return size if 0 < size < 2**62 else None
