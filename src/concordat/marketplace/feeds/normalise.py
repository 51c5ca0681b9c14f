"""From what people write to what codelists and fields hold. Each repair is told."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from concordat.kernel.reference import codelist

EMPTY: Final = frozenset({"", "null", "none", "n/a", "na", "nan", "[]", "{}", "unknown", "-"})
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),
        1,
    )
}
_LICENCES: Final = (
    (r"open-government-licence/version/3|\bogl[\s-]*(uk[\s-]*)?(v?3(\.0)?)\b|ogl3", "OGL-UK-3.0"),
    (r"open-government-licence/version/2|\bogl[\s-]*(v?2(\.0)?)\b", "OGL-UK-2.0"),
    (r"open-government-licence/version/1", "OGL-UK-1.0"),
    (r"open government licen[cs]e 3|open government licen[cs]e|^ogl$|uk-ogl", "OGL-UK-3.0"),
    (r"publicdomain/zero|cc0|cc-zero|public-domain/cc0", "CC0-1.0"),
    (r"licenses/by-nc|cc[\s-]by[\s-]nc", "CC-BY-NC-4.0"),
    (r"licenses/by-sa/3|cc[\s-]by[\s-]sa[\s-]3", "CC-BY-SA-3.0"),
    (r"licenses/by-sa|cc[\s-]by[\s-]sa", "CC-BY-SA-4.0"),
    (r"licenses/by/3|cc[\s-]by[\s-]3", "CC-BY-3.0"),
    (r"licenses/by/|cc[\s-]by\b|creative commons attribution", "CC-BY-4.0"),
    (r"odbl|opendatacommons.org/licenses/odbl", "ODbL-1.0"),
    (r"odc-by", "ODC-By-1.0"),
    (r"pddl", "ODC-PDDL-1.0"),
    (r"os opendata|os-opendata", "OS-OpenData"),
    (r"restricted", "RESTRICTED"),
)
_FORMATS: Final = {
    "arcgis geoservice": "arcgis",
    "arcgis rest api": "arcgis",
    "esri rest": "arcgis",
    "rest": "arcgis",
    "feature layer": "arcgis",
    "feature service": "arcgis",
    "table": "arcgis",
    "arcgis hub dataset": "html",
    "web page": "html",
    "web map": "html",
    "web mapping application": "html",
    "hub site application": "html",
    "form": "html",
    "document link": "html",
    "image": "other",
    "ogc wms": "wms",
    "ogc wfs": "wfs",
    "web feature service (wfs)": "wfs",
    "shapefile": "shp",
    "gdb": "other",
    "xlsb": "xlsx",
    "excel": "xlsx",
    "text": "txt",
    "json-ld": "jsonld",
    "turtle": "ttl",
    "rdf/xml": "rdf",
    "geopackage": "gpkg",
}


def empty(value: str) -> bool:
    """Whether a text stands for nothing: blank, NULL, n/a and their kind."""
    return value.strip().casefold() in EMPTY


def tidy(value: str, *, lines: bool = False) -> str:
    """NFC, no hidden characters, single spaces; with `lines`, line ends are kept."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    keep = "\n" if lines else ""
    text = "".join(c if c in keep or unicodedata.category(c) not in _HIDDEN else " " for c in text)
    if not lines:
        return " ".join(text.split())
    kept = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


class _Text(HTMLParser):
    """The words of some HTML, scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "ul"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def words(value: str) -> str:
    """Plain text of a description that may be HTML."""
    if "<" not in value and "&" not in value:
        return tidy(value, lines=True)
    parser = _Text()
    parser.feed(value)
    parser.close()
    return tidy("".join(parser.words), lines=True)


def day(value: str) -> date | None:
    """The day that a text names: ISO dates and times, `3 May 2021`, RFC 2822, a bare year.

    None when it names none, or one before 1800 or after 2100.
    """
    text = tidy(value)
    found = _iso(text) or _written(text) or _mail(text)
    if found is None and re.fullmatch(r"(1[89]|20)\d\d", text):
        found = date(int(text), 1, 1)
    return found if found and 1800 <= found.year <= 2100 else None


def _iso(text: str) -> date | None:
    if match := re.match(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?=[T ]|$)", text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            return None
    if re.fullmatch(r"\d{12,13}", text):  # milliseconds
        return datetime.utcfromtimestamp(int(text) / 1000).date()
    return None


def _written(text: str) -> date | None:
    match = re.fullmatch(r"(?:\w+day,? )?(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}) (\d{4})", text)
    if match is None:
        return None
    names = [n for n in _MONTHS if n.startswith(match[2].lower()[:3])]
    try:
        return date(int(match[3]), _MONTHS[names[0]], int(match[1])) if names else None
    except ValueError:
        return None


def _mail(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError, IndexError):
        return None


def address(value: str) -> str:
    """A web address, or "" when it is none that a page may link to."""
    text = tidy(value).replace(" ", "%20")
    try:
        parts = urlsplit(text)
        ok = parts.scheme.lower() in ("http", "https", "ftp") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if ok and len(text) <= 2000 and "{{" not in text else ""


def email(value: str) -> str:
    """An e-mail address, or ""."""
    text = tidy(value).removeprefix("mailto:")
    return text if re.fullmatch(r"[^@\s<>{}]+@[^@\s<>{}]+\.[A-Za-z]{2,}", text) else ""


def licence(value: str) -> str:
    """The code of a licence however it is spelt; UNKNOWN when it is not one we know."""
    text = tidy(value)
    if text in codelist("licences"):
        return text
    for pattern, code in _LICENCES:
        if re.search(pattern, text, re.IGNORECASE):
            return code
    return "UNKNOWN"


def format_of(value: str, url: str = "") -> tuple[str, str]:
    """(label, media type) of a format however it is spelt, or of the address's ending."""
    formats = codelist("formats")
    text = tidy(value).casefold().rsplit("/", 1)[-1].removeprefix("ftype:").removeprefix(".")
    code = _FORMATS.get(text) or (text if text in formats else None)
    code = code or formats.find("media_type", tidy(value))
    if code is None:
        ending = urlsplit(url).path.rsplit(".", 1)[-1].casefold() if "." in url else ""
        code = ending if ending in formats else "other"
    return formats.label(code), formats.rows[code]["media_type"]


def frequency(value: str) -> str:
    """The code of an update frequency; irregular when it is not one we know."""
    text = tidy(value).rsplit("/", 1)[-1].removeprefix("freq:").casefold()
    spelt = {
        "yearly": "annual",
        "annually": "annual",
        "r/p1y": "annual",
        "r/p1m": "monthly",
        "r/p1d": "daily",
        "r/p1w": "weekly",
        "r/p3m": "quarterly",
        "other": "irregular",
    }
    code = f"freq:{spelt.get(text, text)}"
    return next(
        (known for known in codelist("frequencies") if known.casefold() == code), "freq:irregular"
    )
