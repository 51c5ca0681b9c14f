"""OAI-PMH 2.0: the arguments of a request, and the XML of an answer.

After the protocol (openarchives.org, 2002-06-14) and what its validators ask beyond it: an answer is
always well-formed, an error has its exact code, and nothing that was sent comes back unescaped.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from concordat.evaluations.feeds import datacite
from concordat.evaluations.feeds.markup import XSI, element, plain, quoted, text
from concordat.evaluations.feeds.work import Work

PREFIXES: Final = ("oai_dc", "oai_datacite")
_NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_SCHEMA: Final = f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd"
_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
# What each verb takes: (needed, may be given, what stands alone).
_TAKES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
_RESUMED: Final = frozenset({"ListIdentifiers", "ListRecords", "ListSets"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_SET: Final = re.compile(r"[A-Za-z0-9_.!~*'()-]+(:[A-Za-z0-9_.!~*'()-]+)*", re.ASCII)


class OaiError(Exception):
    """A request that cannot be answered: the protocol's code, and a message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Token:
    """Where a list goes on: what was asked, and the last record of the page before."""

    prefix: str
    set: str = ""
    since: str = ""
    until: str = ""
    stamp: str = ""
    id: int = 0
    cursor: int = 0

    def __str__(self) -> str:
        told = json.dumps(list(asdict(self).values()), separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Token:
        """The token that a page ended with. Raises OaiError for any other text."""
        try:
            padded = text + "=" * (-len(text) % 4)
            told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            made = cls(*told)
            words = (made.prefix, made.set, made.since, made.until, made.stamp)
            numbers = (made.id, made.cursor)
            whole = all(type(n) is int and 0 <= n < 2**63 for n in numbers)
            if not (all(isinstance(w, str) for w in words) and whole and made.prefix in PREFIXES):
                raise ValueError(text)
            if datetime.fromisoformat(made.stamp).utcoffset() != timedelta():
                raise ValueError(text)
        except (ValueError, TypeError, RecursionError):
            raise OaiError("badResumptionToken", "This is not a token that we gave.") from None
        return made


@dataclass(frozen=True)
class Asked:
    """A request that can be answered. `since` and `until` are the first moment and the one before
    which; None for no bound."""

    verb: str
    identifier: str = ""
    prefix: str = ""
    set: str = ""
    since: datetime | None = None
    until: datetime | None = None
    token: Token | None = None
    echoed: Mapping[str, str] = field(default_factory=dict)


def read_request(given: Mapping[str, list[str]]) -> Asked:
    """The request that the arguments make. Raises OaiError."""
    verb = _verb(given)
    sent = {name: values[0] for name, values in given.items() if name != "verb"}
    if any(len(values) > 1 for values in given.values()):
        raise OaiError("badArgument", "Give each argument once.")
    if "resumptionToken" in sent and verb in _RESUMED:
        if len(sent) > 1:
            raise OaiError("badArgument", "A resumptionToken stands alone.")
        return _resumed(verb, sent["resumptionToken"])
    needed, allowed = _TAKES[verb]
    if unknown := sorted(set(sent) - needed - allowed):
        raise OaiError("badArgument", f"{verb} does not take {', '.join(unknown)[:100]}.")
    since, until = _bounds(sent.get("from"), sent.get("until"))
    if missing := sorted(needed - set(sent)):
        raise OaiError("badArgument", f"{verb} needs {', '.join(missing)}.")
    identifier = sent.get("identifier", "")
    if re.search(r"[\s\"<>\x00-\x1f]", identifier) or len(identifier) > 200:
        raise OaiError("badArgument", "This is no identifier.")
    prefix = sent.get("metadataPrefix", "")
    if "metadataPrefix" in sent and prefix not in PREFIXES:
        raise OaiError("cannotDisseminateFormat", f"Use one of {', '.join(PREFIXES)}.")
    if "set" in sent and not _SET.fullmatch(sent["set"]):
        raise OaiError("badArgument", "This is no set.")
    asked = {"verb": verb, **sent}
    return Asked(verb, identifier, prefix, sent.get("set", ""), since, until, None, asked)


def _verb(given: Mapping[str, list[str]]) -> str:
    verbs = given.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in _TAKES:
        raise OaiError("badVerb", f"Give one verb: {', '.join(_TAKES)}.")
    return verbs[0]


def _resumed(verb: str, text: str) -> Asked:
    if verb == "ListSets":
        raise OaiError("badResumptionToken", "The list of sets is never cut.")
    token = Token.read(text)
    try:
        since, until = _bounds(token.since or None, token.until or None)
    except OaiError:
        raise OaiError("badResumptionToken", "This is not a token that we gave.") from None
    echoed = {"verb": verb, "resumptionToken": text}
    return Asked(verb, "", token.prefix, token.set, since, until, token, echoed)


def _bounds(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """The first moment that is asked for, and the one before which; both bounds are inclusive."""
    told = [text for text in (since, until) if text is not None]
    shapes = {_shape(text) for text in told}
    if len(shapes) > 1:
        raise OaiError("badArgument", "Give from and until in one granularity.")
    first = _moment(since) if since else None
    last = _moment(until) if until else None
    if first and last and first > last:
        raise OaiError("badArgument", "from must be the same as or before until.")
    step = timedelta(days=1) if "day" in shapes else timedelta(seconds=1)
    try:
        return first, last + step if last else None
    except OverflowError:
        return first, None


def _shape(text: str) -> str:
    if _DAY.fullmatch(text):
        return "day"
    if _SECOND.fullmatch(text):
        return "second"
    raise OaiError("badArgument", "Write a date as 2026-11-25 or 2026-11-25T09:30:00Z.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise OaiError("badArgument", "There is no such day.") from None


def stamp(moment: datetime) -> str:
    """A moment as the protocol writes it, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Header:
    """A record without its metadata."""

    identifier: str
    changed: datetime
    sets: tuple[str, ...]
    deleted: bool = False


def answer(base: str, now: datetime, asked: Mapping[str, str], inside: str) -> str:
    """The whole answer; `asked` are the arguments that it echoes, none where they were wrong."""
    request = f"<request{''.join(f' {k}={quoted(v)}' for k, v in asked.items())}>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<OAI-PMH xmlns="{_NAMESPACE}" xmlns:xsi="{XSI}" '
        f'xsi:schemaLocation="{_SCHEMA}">'
        f"<responseDate>{stamp(now)}</responseDate>{request}{plain(base)}</request>{inside}</OAI-PMH>\n"
    )


def error(found: OaiError) -> str:
    """An error as the protocol tells it."""
    return f'<error code="{found.code}">{plain(found.message)}</error>'


def header(found: Header) -> str:
    """The header of a record."""
    parts = [text("identifier", found.identifier), text("datestamp", stamp(found.changed))]
    parts += [text("setSpec", spec) for spec in found.sets]
    return element("header", *parts, **({"status": "deleted"} if found.deleted else {}))


def record(found: Header, told: str) -> str:
    """A record; what was deleted has no metadata."""
    inside = [header(found)] if found.deleted else [header(found), element("metadata", told)]
    return element("record", *inside)


def metadata(work: Work, prefix: str, symbol: str) -> str:
    """What is told of a work in the format of that prefix."""
    return datacite.enveloped(work, symbol) if prefix == "oai_datacite" else dublin_core(work)


def dublin_core(work: Work) -> str:
    """The work as `oai_dc`."""
    lead, *partners = work.creators
    facts = [
        ("title", work.title),
        ("creator", lead),
        *(("contributor", partner) for partner in partners),
        *(("subject", subject) for subject in work.subjects),
        ("description", work.summary),
        ("publisher", work.publisher),
        ("date", work.available.isoformat()),
        ("type", "Study registration"),
        *(("type", kind) for kind in work.types),
        ("identifier", work.address),
        ("identifier", work.reference),
        ("identifier", f"https://doi.org/{work.doi}" if work.doi else ""),
        ("language", "en"),
    ]
    inside = "".join(text(f"dc:{name}", value) for name, value in facts if value)
    return (
        f'<oai_dc:dc xmlns:oai_dc="{_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:xsi="{XSI}" xsi:schemaLocation="{_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
        f"{inside}</oai_dc:dc>"
    )


def formats() -> str:
    """The formats in which every record can be had."""
    told = [
        ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _DC),
        ("oai_datacite", datacite.ENVELOPE_XSD, datacite.ENVELOPE),
    ]
    made = [
        element(
            "metadataFormat",
            text("metadataPrefix", prefix),
            text("schema", schema),
            text("metadataNamespace", namespace),
        )
        for prefix, schema, namespace in told
    ]
    return element("ListMetadataFormats", *made)


def identify(name: str, base: str, email: str, earliest: datetime, host: str) -> str:
    """Who answers. `host` names the repository in identifiers; "" where it is no domain name."""
    parts = [
        text("repositoryName", name),
        text("baseURL", base),
        text("protocolVersion", "2.0"),
        text("adminEmail", email),
        text("earliestDatestamp", stamp(earliest)),
        text("deletedRecord", "persistent"),
        text("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ]
    if host:
        told = "http://www.openarchives.org/OAI/2.0/oai-identifier"
        parts.append(
            f'<description><oai-identifier xmlns="{told}" '
            f'xmlns:xsi="{XSI}" '
            f'xsi:schemaLocation="{told} {told}.xsd"><scheme>oai</scheme>'
            f"{text('repositoryIdentifier', host)}<delimiter>:</delimiter>"
            f"{text('sampleIdentifier', f'oai:{host}:EV-7K2M-41')}</oai-identifier></description>"
        )
    return element("Identify", *parts)


def resumption(token: Token | None, cursor: int, size: int) -> str:
    """What ends a page of a list: the token of the next; empty on the last of several; nothing where
    all fitted."""
    if token is None and cursor == 0:
        return ""
    told = f' completeListSize="{size}" cursor="{cursor}"'
    return f"<resumptionToken{told}>{token or ''}</resumptionToken>"
