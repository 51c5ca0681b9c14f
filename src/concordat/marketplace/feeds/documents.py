"""Catalogues in JSON: DCAT as JSON-LD, data.json, CKAN, schema.org, and lists of their kind.

Contexts are never fetched: names are compared without their prefixes, which is enough to read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from concordat.marketplace.feeds.found import FeedError, Found
from concordat.marketplace.feeds.names import local
from concordat.marketplace.feeds.record import Line, plain
from concordat.marketplace.feeds.rows import text_of

Node = Mapping[str, Any]
_LISTS: Final = ("dataset", "datasets", "packages", "results", "records", "items", "features")
_WRAPPERS: Final = ("result", "catalog", "catalogue", "data", "response")
# Where Opendatasoft, Socrata and GeoJSON keep what describes the dataset.
_WITHIN: Final = ("metas", "default", "resource", "properties", "classification")
# What may be given as the bare name of another node.
_POINTERS: Final = frozenset(
    "distribution publisher contactpoint creator license licence accessservice".split()
)
_MOST: Final = 1000


def json_items(text: str, name: str) -> Iterator[Found]:
    """Each dataset of the document, with what it points at put in place.

    Raises FeedError for what is not JSON, a refusal of CKAN's, or a document without datasets.
    """
    data = _parsed(text, name)
    _refuse_answers(data, name)
    items = _items(data)
    if items is None:
        raise FeedError(
            f"{name} holds no list of datasets. Expected DCAT (dataset, @graph), "
            "data.json (dataset) or a CKAN answer (result.results)."
        )
    if items and all(isinstance(item, str) for item in items):
        raise FeedError(
            f"{name} is a list of names alone (CKAN's package_list). "
            "Fetch the descriptions: package_search?rows=1000."
        )
    by_id = _by_id(data)
    inherited = _catalogue_publisher(data)
    for number, item in enumerate(items, 1):
        place = f"{name}, dataset {number}"
        if isinstance(item, Mapping):
            yield place, {**inherited, **_flat(resolved(item, by_id))}
        else:
            yield Line(place, "rejected", "Not the description of a dataset.", before=plain(item))


def _parsed(text: str, name: str) -> Any:
    """The document; or, of JSON Lines, the list of its lines."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise FeedError(f"{name} is not valid JSON: it is nested too deeply.") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
                return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FeedError(f"{name} is not valid JSON{where}.") from error


def _refuse_answers(data: Any, name: str) -> None:
    if isinstance(data, Mapping) and data.get("success") is False:
        said = plain(text_of(data.get("error")) or data.get("error"))
        raise FeedError(f"{name} is a refusal by its source, not a catalogue: {said}")


def _items(data: Any, depth: int = 0) -> list[Any] | None:
    """The list of datasets, wherever a catalogue of these kinds keeps it."""
    if isinstance(data, list):
        return _of_graph(data) or data
    if not isinstance(data, Mapping) or depth > 3:
        return None
    by_name = {local(str(k)): v for k, v in data.items()}
    for name in _LISTS:
        value = by_name.get(name)
        if isinstance(value, list) and not (name == "dataset" and _pointers_only(value)):
            return [*value, *_listed(by_name.get("service"))]
        if isinstance(value, Mapping) and set(value) != {"@id"}:
            return [value, *_listed(by_name.get("service"))]
    if isinstance(graph := by_name.get("@graph"), list):
        return _of_graph(graph) or []
    for name in _WRAPPERS:
        if (found := _items(by_name.get(name), depth + 1)) is not None:
            return found
    return [data] if _is_one(data, by_name) else None


def _listed(value: Any) -> list[Any]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _pointers_only(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(v, Mapping) and set(v) == {"@id"} for v in value)


def _of_graph(nodes: list[Any]) -> list[Any]:
    """The datasets and services among the nodes of a graph, and those nested in its catalogues."""
    wanted = {"dataset", "dataservice"}
    found: list[Any] = []
    for node in nodes:
        if isinstance(node, Mapping) and wanted & types(node):
            found.append(node)
        elif isinstance(node, Mapping) and "catalog" in types(node):
            found += _nested(node)
    return found


def _nested(catalogue: Node) -> list[Any]:
    """What a catalogue holds within itself; what it only points at stands elsewhere."""
    by_name = {local(str(k)): v for k, v in catalogue.items()}
    given = [by_name.get(name) for name in ("dataset", "service")]
    each = [v for value in given for v in (value if isinstance(value, list) else [value])]
    return [v for v in each if isinstance(v, Mapping) and set(v) != {"@id"}]


def _is_one(data: Node, by_name: Mapping[str, Any]) -> bool:
    """Whether the document is itself one description: a typed dataset, or a title and more."""
    if types(data) & {"dataset", "dataservice"}:
        return True
    if types(data) & {"catalog", "distribution"}:
        return False
    return bool(by_name.keys() & {"title", "name"}) and bool(
        by_name.keys() & {"resources", "distribution", "identifier", "landingpage"}
    )


def types(node: Node) -> set[str]:
    """The local names of a node's types."""
    given: Any = next((v for k, v in node.items() if local(str(k)) in ("@type", "type")), [])
    return {local(text_of(t)) for t in (given if isinstance(given, list) else [given])}


def _nodes(data: Any) -> list[Node]:
    graph = data.get("@graph") if isinstance(data, Mapping) else data
    return [n for n in graph if isinstance(n, Mapping)] if isinstance(graph, list) else []


def _catalogue_publisher(data: Any) -> dict[str, Any]:
    """The catalogue's own publisher, for datasets that name none."""
    nodes = _nodes(data)
    catalogues = [n for n in nodes if "catalog" in types(n)]
    if isinstance(data, Mapping) and "@graph" not in data and not _is_dataset(data):
        catalogues.append(data)
    for node in catalogues:
        for name, value in resolved(node, _by_id(data)).items():
            if local(str(name)) == "publisher":
                return {"publisher": value}
    return {}


def _is_dataset(data: Node) -> bool:
    return bool(types(data) & {"dataset", "dataservice"})


def _by_id(data: Any) -> dict[str, Node]:
    return {n["@id"]: n for n in _nodes(data) if isinstance(n.get("@id"), str)}


def resolved(item: Node, by_id: Mapping[str, Node], depth: int = 0) -> dict[str, Any]:
    """A node with the nodes it points at put in their places, two levels deep.

    Names of blank nodes are left out: they change with every reading.
    """

    def put(value: Any, name: str) -> Any:
        if isinstance(value, list):
            return [put(v, name) for v in value[:_MOST]]
        if depth >= 2:
            return value
        if isinstance(value, Mapping) and set(value) == {"@id"}:
            target = by_id.get(str(value["@id"]))
        elif isinstance(value, str) and name in _POINTERS:
            target = by_id.get(value)
        else:
            return value
        return resolved(target, by_id, depth + 1) if target else value

    return {
        str(name): put(value, local(str(name)))
        for name, value in item.items()
        if name != "@id" or not str(value).startswith("_:")
    }


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """A description brought up from where a portal keeps it, with CKAN's extras beside it."""
    for name in _WITHIN:
        inside = item.get(name)
        if isinstance(inside, Mapping) and len(inside) < _MOST:
            item = {**item, **{str(k): v for k, v in inside.items()}}
            if item.get(name) is inside:
                del item[name]
    extras = item.get("extras")
    for extra in extras[:_MOST] if isinstance(extras, list) else []:
        if isinstance(extra, Mapping) and item.get(str(extra.get("key"))) in (None, "", []):
            item = {**item, str(extra.get("key")): extra.get("value")}
    return item
