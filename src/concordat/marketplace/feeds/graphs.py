"""Catalogues in RDF: Turtle, RDF/XML, N-Triples, TriG."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from concordat.marketplace.feeds.documents import resolved, types
from concordat.marketplace.feeds.found import FeedError, Found
from concordat.marketplace.feeds.names import local

if TYPE_CHECKING:
    from rdflib import Graph

# Relative addresses resolve against this, never against where the file happens to lie.
_BASE: Final = "https://relative.invalid/"
# It warns of each bad date with a traceback; our own report says it by its place.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
_LISTED: Final = frozenset({"distribution", "keyword", "theme", "creator"})


def rdf_nodes(text: str, kind: str, name: str) -> Iterator[Found]:
    """Each dcat:Dataset and dcat:DataService, in order of its address.

    Raises FeedError for what does not parse, declares entities, or holds neither.
    """
    nodes = _by_subject(_graph(text, kind, name))
    wanted = {"dataset", "dataservice"}
    found = [node for _, node in sorted(nodes.items()) if types(node) & wanted]
    if not found:
        raise FeedError(f"{name} holds no dcat:Dataset.")
    inherited = _publisher(nodes)
    whole = [{**inherited, **_ordered(resolved(node, nodes))} for node in found]
    for number, values in enumerate(sorted(whole, key=_key), 1):
        yield f"{name}, dataset {number}", values


def _graph(text: str, kind: str, name: str) -> Graph:
    """The parsed graph. Nothing is fetched, no entity is expanded."""
    from rdflib import Dataset, Graph

    if kind == "xml":
        if "<!ENTITY" in text or "<!DOCTYPE" in text:
            raise FeedError(
                f"{name} declares entities, which are refused. Write it without DOCTYPE."
            )
        text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)  # already decoded
    graph: Graph = Dataset(default_union=True) if kind == "trig" else Graph()
    try:
        graph.parse(data=text, format=kind, publicID=_BASE)
    except Exception as error:  # rdflib raises whatever its parsers raise
        said = " ".join(str(error).split())[:200]
        raise FeedError(f"{name} is not valid {kind}: {said}") from error
    return graph


def _by_subject(graph: Graph) -> dict[str, dict[str, Any]]:
    """Nodes by address, as JSON-LD would write them."""
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in graph.triples((None, None, None)):
        node = nodes.setdefault(_name(subject), {"@id": _name(subject)})
        key = "@type" if str(predicate).endswith("#type") else str(predicate)
        node.setdefault(key, []).append(_value(value))
    return nodes


def _name(term: Any) -> str:
    from rdflib import BNode

    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _value(term: Any) -> dict[str, str]:
    from rdflib import Literal

    if not isinstance(term, Literal):
        return {"@id": _name(term)}
    said = {"@value": str(term)}
    return {**said, "@language": term.language} if term.language else said


def _ordered(node: Mapping[str, Any]) -> dict[str, Any]:
    """A node whose values stand in one order at every reading, with single ones unwrapped."""
    made: dict[str, Any] = {}
    for name, value in sorted(node.items()):
        if isinstance(value, list):
            each = sorted((_ordered(v) if isinstance(v, Mapping) else v for v in value), key=_key)
            made[name] = each if len(each) > 1 or local(name) in _LISTED else each[0]
        else:
            made[name] = value
    return made


def _key(value: Any) -> str:
    """What values are ordered by; blank nodes that were not put in place all count the same."""
    return re.sub(r'"_:[^"]*"', '"_:"', json.dumps(value, sort_keys=True, default=str))


def _publisher(nodes: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The publisher of the one catalogue there is, for datasets that name none."""
    catalogues = [node for node in nodes.values() if "catalog" in types(node)]
    if len(catalogues) != 1:
        return {}
    node = resolved(catalogues[0], nodes)
    said = [value for name, value in node.items() if local(name) == "publisher"]
    return {"publisher": said[0]} if said else {}
