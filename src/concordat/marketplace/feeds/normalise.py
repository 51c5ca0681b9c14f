"""From what people write to what codelists and fields hold. Each repair is told."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from concordat.kernel.reference import codelist

_BAD_IN_ADDRESS: Final = re.compile(r"[<>\"`\\^]|\{\{")
EMPTY: Final = frozenset({"", "null", "none", "n/a", "na", "nan", "[]", "{}", "unknown", "-"})
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
# A description is cut far below this; a longer one is an attack on the parser.
MOST_HTML: Final = 500_000
_HTML: Final = re.compile(
    r"</?[a-zA-Z][^<>]{0,2000}>|<!--|<script|<style|&(#\w{1,8}|\w{2,30});", re.I
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),
        1,
    )
}
# A version is matched before the bare name; what forbids more is matched before what it contains.
_OGL: Final = r"(open[\s-]government[\s-]licen[cs]e|\bogl\b|\buk-ogl\b)"
_BY: Final = r"(licenses/by|\bcc[\s-]?by|creative commons attribution)"
_LICENCES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (rf"{_OGL}\D{{0,30}}1(\.0)?\b", "OGL-UK-1.0"),
        (rf"{_OGL}\D{{0,30}}2(\.0)?\b|\bogl2\b", "OGL-UK-2.0"),
        (rf"{_OGL}|\bogl[\s-]*(uk)?[\s-]*v?3|\bogl3\b", "OGL-UK-3.0"),
        (r"publicdomain/zero|\bcc0\b|cc-zero|public-domain/cc0", "CC0-1.0"),
        (r"opendatacommons\.org/licenses/by\b|\bodc-by\b", "ODC-By-1.0"),
        (rf"{_BY}.{{0,30}}(\bnd\b|no[\s-]?deriv|sharealike.{{0,20}}non|nc-sa)", "UNKNOWN"),
        (rf"{_BY}.{{0,20}}(\bnc\b|non[\s-]?commercial)", "CC-BY-NC-4.0"),
        (rf"{_BY}.{{0,20}}(\bsa\b|share[\s-]?alike)\D{{0,20}}3", "CC-BY-SA-3.0"),
        (rf"{_BY}.{{0,20}}(\bsa\b|share[\s-]?alike)", "CC-BY-SA-4.0"),
        (rf"{_BY}\D{{0,20}}3", "CC-BY-3.0"),
        (rf"{_BY}\D{{0,20}}[12]", "UNKNOWN"),
        (_BY, "CC-BY-4.0"),
        (r"\bodbl\b|open database licen[cs]e", "ODbL-1.0"),
        (r"\bpddl\b", "ODC-PDDL-1.0"),
        (r"\bos[\s-]opendata\b", "OS-OpenData"),
        (r"^(data share agreement|data_share_agreement)$", "DATA_SHARE_AGREEMENT"),
        (r"\brestricted\b", "RESTRICTED"),
    )
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
    "x-7z-compressed": "other",
    "application/vnd.geo+json": "geojson",
    "vnd.geo+json": "geojson",
    "esri shape": "shp",
    "esri file geodatabase": "other",
    "ms excel": "xls",
    "excel (xls)": "xls",
    "excel (xlsx)": "xlsx",
    "csv file": "csv",
    "x-csv": "csv",
    "comma separated values": "csv",
    "webpage": "html",
    "htm": "html",
    "website": "html",
    "link": "html",
    "x-zip-compressed": "zip",
    "zipped": "zip",
    "plain": "txt",
    "geotiff": "tif",
    "jpeg": "jpg",
    "tiff": "tif",
    "rdf_xml": "rdf",
    "rdf_turtle": "ttl",
    "json_ld": "jsonld",
    "wms_srvc": "wms",
    "wfs_srvc": "wfs",
    "sparql": "api",
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


_THEMES: Final = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "JUST": "Justice, legal system and public safety",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
_FREQUENCIES: Final = {
    spelt: code
    for code, spellings in {
        "triennial": "r/p3y,every three years,every 3 years",
        "biennial": "r/p2y,every two years,every 2 years",
        "annual": "yearly,annually,r/p1y,every year,once a year,per year,12 monthly",
        "semiannual": "annual_2,r/p6m,r/p0.5y,half yearly,half-yearly,biannual,biannually,"
        "twice a year,every six months,every 6 months,6 monthly,six monthly,semi-annual",
        "threeTimesAYear": "annual_3,r/p4m,termly",
        "quarterly": "r/p3m,every quarter,every three months,every 3 months",
        "bimonthly": "r/p2m,every two months",
        "monthly": "r/p1m,every month,once a month",
        "semimonthly": "monthly_2,r/p0.5m,twice a month",
        "biweekly": "r/p2w,fortnightly,every two weeks,every fortnight",
        "threeTimesAMonth": "monthly_3,r/p0.33m",
        "weekly": "r/p1w,r/p7d,every week,once a week",
        "semiweekly": "weekly_2,r/p3.5d,twice a week",
        "threeTimesAWeek": "weekly_3,r/p0.33w",
        "daily": "r/p1d,every day,nightly,once a day,each working day",
        "continuous": "cont,update_cont,continual,continually,continuously,live,real-time,"
        "real time,realtime,r/pt1s,hourly,r/pt1h",
    }.items()
    for spelt in spellings.split(",")
}
_ACCESS: Final = {
    "public": "OPEN",
    "open": "OPEN",
    "publicaccess": "OPEN",
    "openaccess": "OPEN",
    "internal": "INTERNAL",
    "nonpublic": "INTERNAL",
    "private": "INTERNAL",
    "confidential": "INTERNAL",
    "sensitive": "INTERNAL",
    "commercial": "COMMERCIAL",
    "restricted": "COMMERCIAL",
    "restrictedpublic": "COMMERCIAL",
    "restrictedaccess": "COMMERCIAL",
}
_LABEL: Final = r"[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?"
_HOST: Final = re.compile(
    rf"(?:{_LABEL}\.)+(?:[a-z\u00a1-\uffff]{{2,63}}|xn--[a-z0-9]{{1,59}})|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}"
)
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9_+'&/=-]+(?:\.[A-Za-z0-9_+'&/=-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def empty(value: str) -> bool:
    """Whether a text stands for nothing: blank, NULL, n/a and their kind."""
    return value.strip().casefold() in EMPTY


def tidy(value: str, *, lines: bool = False) -> str:
    """NFC, no hidden characters, single spaces; with `lines`, line ends are kept."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    keep = "\n" if lines else ""
    text = "".join(_seen(c, keep) for c in text)
    if not lines:
        return " ".join(text.split())
    kept = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _seen(character: str, keep: str) -> str:
    """The character; a space for a control; nothing for what only hides, such as U+200B."""
    if character in keep:
        return character
    kind = unicodedata.category(character)
    return character if kind not in _HIDDEN else "" if kind == "Cf" else " "


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


def is_html(value: str) -> bool:
    """Whether a text holds tags, comments or character references, not just a sign like 3 < 4."""
    return _HTML.search(value) is not None


def words(value: str) -> str:
    """Plain text of a description that may be HTML."""
    value = value[:MOST_HTML]
    if not is_html(value):
        return tidy(value, lines=True)
    parser = _Text()
    parser.feed(value)
    parser.close()
    return tidy("".join(parser.words), lines=True)


def day(value: str) -> date | None:
    """The day that a text names: ISO dates and times, `3 May 2021`, `03/05/2021` (day first, as in
    Britain), `May 2021`, RFC 2822, seconds or milliseconds since 1970, a bare year.

    The first day of a month or year given alone. None when it names none, or one before 1800 or
    after 2100.
    """
    text = tidy(value)[:64]
    for form in (_iso, _written, _stroked, _counted, _mail):
        found = form(text)
        if found is not None:
            return found if 1800 <= found.year <= 2100 else None
    return None


def _date(year: str | int, month: str | int = 1, of_month: str | int = 1) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> date | None:
    text = re.sub(r"^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", r"\1-\2-\3", text)
    match = re.match(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(?=[T ]|Z?$)", text)
    if match is None or (match[2] is None and len(text) > 4):
        match = re.fullmatch(r"((?:1[89]|20)[0-9]{2})([01][0-9])([0-3][0-9])", text)
    return _date(match[1], match[2] or 1, match[3] or 1) if match else None


def _written(text: str) -> date | None:
    match = re.fullmatch(
        r"(?:[A-Za-z]+day,? )?(?:([0-9]{1,2})(?:st|nd|rd|th)?[ -](?:of )?)?([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})",
        text,
    ) or re.fullmatch(
        r"(?P<d>)([A-Za-z]{3,9})\.? (?P<n>[0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", text
    )
    if match is None:
        return None
    months = [n for name, n in _MONTHS.items() if name.startswith(match[2].lower()[:4])]
    month = months or [n for name, n in _MONTHS.items() if name[:3] == match[2].lower()]
    number = match.groupdict().get("n") or match[1] or 1
    return _date(match[match.re.groups], month[0], number) if month else None


def stroked(text: str) -> re.Match[str] | None:
    """The parts of a date with strokes, whose order of day and month is a guess where both fit."""
    return re.match(r"\s*([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})(?=\D|$)", text)


def _stroked(text: str) -> date | None:
    match = stroked(text)
    return _date(match[3], match[2], match[1]) if match else None


def _counted(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12,13}", text):
        return None
    seconds = int(text) // (1 if len(text) == 10 else 1000)
    return datetime.fromtimestamp(seconds, UTC).date()


def _mail(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def address(value: str) -> str:
    """A web address, or "" when it is none that a page may link to."""
    text = tidy(value).replace(" ", "%20")
    try:
        parts = urlsplit(text)
        ok = parts.scheme.lower() in ("http", "https", "ftp") and "@" not in parts.netloc
        host = (parts.hostname or "").casefold()
        ok = ok and bool(_HOST.fullmatch(host)) and not host.endswith(".invalid")
        ok = ok and (parts.port or 1) > 0
    except ValueError:
        return ""
    return text if ok and len(text) <= 2000 and not _BAD_IN_ADDRESS.search(text) else ""


def email(value: str) -> str:
    """An e-mail address, or ""."""
    text = tidy(value)[:254].removeprefix("mailto:").partition("?")[0]
    return text if _EMAIL.fullmatch(text) else ""


def licence(value: str) -> str:
    """The code of a licence however it is spelt; UNKNOWN when it is not one we know."""
    text = tidy(value)
    if text in codelist("licences"):
        return text
    found = (code for pattern, code in _LICENCES if pattern.search(text[:500]))
    return next(found, "UNKNOWN")


def format_of(value: str, url: str = "") -> tuple[str, str]:
    """(label, media type) of a format however it is spelt, or of the address's ending."""
    formats = codelist("formats")
    text = tidy(value).casefold().partition(";")[0].strip()
    short = text.rsplit("/", 1)[-1].removeprefix("ftype:").removeprefix(".")
    code = _FORMATS.get(text) or _FORMATS.get(short) or (short if short in formats else None)
    code = code or formats.find("media_type", text[text.find("media-types/") + 12 :])
    code = code or formats.find("media_type", text)
    if code is None:
        ending = urlsplit(url).path.rsplit(".", 1)[-1].casefold() if "." in url else ""
        code = ending if ending in formats else "other"
    return formats.label(code), formats.rows[code]["media_type"]


def frequency(value: str) -> str:
    """The code of an update frequency; irregular when it is not one we know."""
    text = tidy(value).casefold().rstrip(".")
    text = text if text.startswith("r/p") else text.rsplit("/", 1)[-1].removeprefix("freq:")
    code = f"freq:{_FREQUENCIES.get(text, text)}".casefold()
    return next(
        (known for known in codelist("frequencies") if known.casefold() == code), "freq:irregular"
    )


def theme(value: str) -> str:
    """The words of a theme: of an address its topic, its code in the EU list or its last part."""
    text = tidy(value)
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:  # such as http://[
        return text[:75]
    asked = parse_qs(parts.query).get("filters[topic]")
    last = unquote(parts.fragment or parts.path.rstrip("/").rsplit("/", 1)[-1])
    words_of_it = _THEMES.get(last) or last.replace("-", " ").replace("_", " ")
    return tidy(asked[0] if asked else words_of_it)[:75] or text[:75]


def access(value: str) -> str:
    """The code of access rights in the words of DCAT, data.json, CKAN or the UK model; or "".

    A word that nobody knows gives "", so that the caller can take the careful answer.
    """
    text = "".join(c for c in tidy(value).casefold().rsplit("/", 1)[-1] if c.isalnum())
    return _ACCESS.get(text, "")
