"""An agreement's policy as an ODRL 2.2 Agreement in JSON-LD, for whoever reads policies by program.

ODRL Information Model 2.2 (W3C, 2018), section 2: one assigner, one assignee and one action a rule.
What its vocabulary has no word for is in a profile of our own, with the sentence beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from concordat.tables.plane import predicate as predicates
from concordat.tables.plane.policy import Policy

PROFILE: Final = "urn:concordat:odrl:"
Node = dict[str, Any]
_CONTEXT: Final = {
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "concordat": PROFILE,
}


@dataclass(frozen=True)
class Deal:
    """Who lets whom read what: addresses, and the hash that both sides sign."""

    uid: str
    assigner: str
    assignee: str
    target: str
    title: str
    digest: str


def odrl_agreement(deal: Deal, policy: Policy) -> Node:
    """The agreement as JSON-LD that needs no other document to be read."""
    permission = {
        **_rule(deal, "odrl:Permission"),
        "odrl:action": _action(policy),
        "odrl:target": _target(deal, policy),
        "odrl:constraint": _constraints(policy),
    }
    prohibition = {
        **_rule(deal, "odrl:Prohibition"),
        "odrl:action": {"@id": "odrl:distribute"},
        "odrl:target": {"@id": deal.target},
    }
    return {
        "@context": _CONTEXT,
        "@id": deal.uid,
        "@type": ["odrl:Policy", "odrl:Agreement"],
        "odrl:uid": {"@id": deal.uid},
        "odrl:profile": {"@id": PROFILE},
        "dct:title": _english(deal.title),
        "rdfs:comment": _english(policy.sentence()),
        "concordat:digest": deal.digest,
        "concordat:policyDigest": policy.digest(),
        "odrl:permission": [permission],
        "odrl:prohibition": [prohibition],
    }


def _rule(deal: Deal, kind: str) -> Node:
    return {
        "@type": kind,
        "odrl:assigner": {"@id": deal.assigner, "@type": "odrl:Party"},
        "odrl:assignee": {"@id": deal.assignee, "@type": "odrl:Party"},
    }


def _action(policy: Policy) -> Node:
    """To use it; where totals alone are given, refined to those."""
    if policy.gives == "rows" and policy.minimum_cell is None:
        return {"@id": "odrl:use"}
    refined = [_constraint("concordat:gives", "odrl:eq", policy.gives)]
    if policy.minimum_cell:
        refined.append(_constraint("concordat:minimumCell", "odrl:gteq", policy.minimum_cell))
    return {"rdf:value": {"@id": "odrl:use"}, "odrl:refinement": refined}


def _target(deal: Deal, policy: Policy) -> Node:
    """The part of the table that is given, its columns refined by their masks."""
    refined = [_constraint("concordat:column", "odrl:isAnyOf", list(policy.columns))]
    if policy.rows:
        words = predicates.sentence(policy.rows)
        refined.append(_constraint("concordat:rows", "odrl:eq", words, f"Rows where {words}."))
    for mask in policy.masks:
        amount = "" if mask.amount is None else f" {mask.amount}"
        said = f"{mask.sentence()}."
        done = _constraint("concordat:mask", "odrl:eq", f"{mask.kind}{amount}", said)
        refined.append({**done, "concordat:ofColumn": mask.column})
    if policy.sample:
        said = f"A sample of {policy.sample.percent} in 100 of the values of {policy.sample.by}."
        drawn = _constraint("odrl:percentage", "odrl:eq", policy.sample.percent, said)
        refined.append({**drawn, "concordat:ofColumn": policy.sample.by})
    if policy.versions.which != "latest":
        operator = "odrl:eq" if policy.versions.which == "only" else "odrl:gteq"
        refined.append(_constraint("odrl:version", operator, policy.versions.number))
    return {
        "@type": "odrl:AssetCollection",
        "odrl:source": {"@id": deal.target},
        "odrl:refinement": refined,
    }


def _constraints(policy: Policy) -> list[Node]:
    """When, what for, by whom and from where."""
    found = []
    for operator, moment in (("odrl:gteq", policy.starts), ("odrl:lt", policy.expires)):
        if moment:
            day = {"@value": moment.isoformat(), "@type": "xsd:dateTime"}
            found.append(_constraint("odrl:dateTime", operator, day))
    if policy.purpose:
        found.append(_constraint("odrl:purpose", "odrl:eq", _english(policy.purpose)))
    if policy.people:
        who = [{"@id": f"mailto:{address}"} for address in policy.people]
        found.append(_constraint("odrl:recipient", "odrl:isAnyOf", who))
    if policy.networks:
        where = list(policy.networks)
        found.append(_constraint("odrl:virtualLocation", "odrl:isAnyOf", where))
    return found


def _constraint(left: str, operator: str, right: Any, said: str = "") -> Node:
    made = {
        "@type": "odrl:Constraint",
        "odrl:leftOperand": {"@id": left},
        "odrl:operator": {"@id": operator},
        "odrl:rightOperand": right,
    }
    return {**made, "rdfs:comment": _english(said)} if said else made


def _english(text: str) -> Node:
    return {"@value": text, "@language": "en"}
