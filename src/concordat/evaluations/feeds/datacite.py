"""DataCite 4.5: the metadata of a registration, as JSON and as XML.

After the schema kernel-4.5 (schema.datacite.org). An entry without a DOI is identified by its
address; the entry has its versions (HasVersion), and each version the one before and after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from concordat.evaluations.feeds.markup import XSI, element, text
from concordat.evaluations.feeds.work import Relation, Work

SCHEMA: Final = "http://datacite.org/schema/kernel-4"
XSD: Final = "http://schema.datacite.org/meta/kernel-4.5/metadata.xsd"
ENVELOPE: Final = "http://schema.datacite.org/oai/oai-1.1/"
ENVELOPE_XSD: Final = f"{ENVELOPE}oai.xsd"
_SCHEME: Final = "Evaluation Registry reference"


def as_json(work: Work) -> dict[str, Any]:
    """The metadata as DataCite's JSON; it validates against the schema 4.5."""
    made: dict[str, Any] = {
        "schemaVersion": SCHEMA,
        "types": {"resourceType": _kind(work), "resourceTypeGeneral": "StudyRegistration"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in work.creators],
        "titles": [{"title": work.title, "lang": "en"}],
        "publisher": {"name": work.publisher},
        "publicationYear": str(work.available.year),
        "language": "en",
        "dates": [{"date": day, "dateType": kind} for kind, day in work.dates],
        "alternateIdentifiers": [
            {"alternateIdentifier": work.reference, "alternateIdentifierType": _SCHEME}
        ],
        "url": work.address,
    }
    if work.doi:
        made["doi"] = work.doi
    if work.version:
        made["version"] = work.version
    if work.summary:
        made["descriptions"] = [{"description": work.summary, "descriptionType": "Abstract"}]
    for name, found in (
        ("subjects", [{"subject": subject} for subject in work.subjects]),
        ("relatedIdentifiers", [_related(relation) for relation in work.related]),
        ("fundingReferences", [_funding(*grant) for grant in work.grants]),
    ):
        if found:
            made[name] = list(
                {str(item): item for item in found}.values()
            )  # the schema's: no twins
    return made


def _kind(work: Work) -> str:
    return "Version of an evaluation plan" if work.version else "Evaluation"


def _related(relation: Relation) -> dict[str, str]:
    kind, name = ("DOI", relation.doi) if relation.doi else ("URL", relation.address)
    return {
        "relatedIdentifier": name,
        "relatedIdentifierType": kind,
        "relationType": relation.kind,
    }


def _funding(name: str, number: str) -> dict[str, str]:
    told = {"funderName": name or number}
    return {**told, "awardNumber": number} if number else told


def as_xml(work: Work) -> str:
    """The metadata as an element `resource` of kernel-4.5."""
    told = as_json(work)
    kind, name = ("DOI", work.doi) if work.doi else ("URL", work.address)
    reference = text("alternateIdentifier", work.reference, alternateIdentifierType=_SCHEME)
    days = (text("date", each["date"], dateType=each["dateType"]) for each in told["dates"])
    parts = [
        text("identifier", name, identifierType=kind),
        _many("creators", map(_creator, told["creators"])),
        _many("titles", [text("title", work.title, **{"xml:lang": "en"})]),
        text("publisher", work.publisher),
        text("publicationYear", told["publicationYear"]),
        text("resourceType", _kind(work), resourceTypeGeneral="StudyRegistration"),
        _many("subjects", (text("subject", subject) for subject in dict.fromkeys(work.subjects))),
        _many("dates", days),
        text("language", "en"),
        _many("alternateIdentifiers", [reference]),
        _many("relatedIdentifiers", map(_related_xml, told.get("relatedIdentifiers", []))),
        text("version", work.version) if work.version else "",
        _many("descriptions", map(_description, told.get("descriptions", []))),
        _many("fundingReferences", map(_funding_xml, told.get("fundingReferences", []))),
    ]
    place = {"xmlns": SCHEMA, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{SCHEMA} {XSD}"}
    return element("resource", *parts, **place)


def _many(name: str, items: Iterable[str]) -> str:
    inside = list(items)
    return element(name, *inside) if inside else ""


def _creator(told: dict[str, str]) -> str:
    return element("creator", text("creatorName", told["name"], nameType=told["nameType"]))


def _description(told: dict[str, str]) -> str:
    return text("description", told["description"], descriptionType=told["descriptionType"])


def _related_xml(told: dict[str, str]) -> str:
    kinds = {name: told[name] for name in ("relatedIdentifierType", "relationType")}
    return text("relatedIdentifier", told["relatedIdentifier"], **kinds)


def _funding_xml(told: dict[str, str]) -> str:
    parts = [text(name, told[name]) for name in ("funderName", "awardNumber") if name in told]
    return element("fundingReference", *parts)


def enveloped(work: Work, symbol: str) -> str:
    """The metadata as OAI-PMH carries it: `oai_datacite`, with the symbol of the repository."""
    place = {
        "xmlns": ENVELOPE,
        "xmlns:xsi": XSI,
        "xsi:schemaLocation": f"{ENVELOPE} {ENVELOPE_XSD}",
    }
    return element(
        "oai_datacite",
        text("schemaVersion", "4.5"),
        text("datacentreSymbol", symbol),
        element("payload", as_xml(work)),
        **place,
    )
