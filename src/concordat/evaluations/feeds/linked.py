"""A work as schema.org tells things, in JSON-LD: for search engines and for whoever reads pages."""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup

from concordat.evaluations.feeds.work import Output, Work

# In a script element no text may end it, nor begin a comment (HTML, 4.12.1.3).
_ESCAPED: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}


def as_block(told: dict[str, Any]) -> Markup:
    """What stands in a page's block of data, whatever people wrote."""
    return Markup(json.dumps(told, ensure_ascii=False).translate(_ESCAPED))  # noqa: S704


def as_linked_data(work: Work) -> dict[str, Any]:
    """The entry, its versions and the reports that rest on it."""
    versions = [r.address for r in work.related if r.kind == "HasVersion"]
    funding = [
        {"@type": "Grant", "name": name, **({"identifier": number} if number else {})}
        for name, number in work.grants
    ]
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": work.address,
        "url": work.address,
        "additionalType": "https://schema.org/ResearchProject",
        "name": work.title,
        "abstract": work.summary,
        "identifier": [_identifier("Evaluation Registry reference", work.reference)],
        "creator": [_body(name) for name in work.creators],
        "publisher": _body(work.publisher),
        "datePublished": work.available.isoformat(),
        "dateModified": dict(work.dates).get("Updated", ""),
        "keywords": [*work.subjects, *work.types],
        "version": work.version,
        "funding": funding,
        "workExample": [{"@type": "CreativeWork", "@id": each, "url": each} for each in versions],
        "subjectOf": [_report(output, work) for output in work.outputs],
        "inLanguage": "en",
    }
    if work.doi:
        told["identifier"].append(_identifier("DOI", work.doi))
        told["sameAs"] = f"https://doi.org/{work.doi}"
    return {name: value for name, value in told.items() if value}


def _body(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _identifier(scheme: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _report(output: Output, work: Work) -> dict[str, Any]:
    told = {
        "@type": "Report",
        "name": output.title,
        "url": output.address,
        "datePublished": output.published,
        "sameAs": f"https://doi.org/{output.doi}" if output.doi else "",
        "isBasedOn": {"@id": work.address},
    }
    return {name: value for name, value in told.items() if value}
