"""Which kind of catalogue is it? CSV, JSON (DCAT, data.json, CKAN) or RDF; anything else is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from concordat.marketplace.feeds.record import FeedDataset, Line
from concordat.marketplace.feeds.rows import NAMES, dataset_of, local

MOST_BYTES: Final = 512 * 1024 * 1024
_DEEPEST: Final = 40
_RDF: Final = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".n3": "n3", ".nt": "nt"}
csv.field_size_limit(16 * 1024 * 1024)


class FeedError(ValueError):
    """The file is not a catalogue that can be read; the message says why and what to do."""


def read(path: Path) -> Iterator[FeedDataset | Line]:
    """Every dataset of a catalogue file, each once, and a line for each row and repair.

    Rows of one identity are one dataset with several distributions. Raises FeedError.
    """
    if path.stat().st_size > MOST_BYTES:
        raise FeedError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB. Split it.")
    data = path.read_bytes()
    text = decoded(data, path.name)
    suffix = path.suffix.lower()
    if suffix in _RDF:
        yield from _gathered(_rdf(text, _RDF[suffix], path.name))
    elif suffix in (".json", ".jsonld", ".geojson") or text.lstrip()[:1] in ("{", "["):
        yield from _gathered(_json(text, path.name))
    else:
        yield from _gathered(_csv(text, path.name))


def decoded(data: bytes, name: str) -> str:
    """The text of a file: UTF-8 or UTF-16 with its mark, UTF-8, else Windows-1252.

    Raises FeedError for what is not text.
    """
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if b"\0" in data:
        raise FeedError(f"{name} is not text. Send CSV, JSON, Turtle or RDF/XML.")
    return data.decode("cp1252", errors="replace")


def _gathered(rows: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[FeedDataset | Line]:
    """Datasets by identity, in the order of their first rows, then the lines of the report."""
    found: dict[str, FeedDataset] = {}
    lines: list[Line] = []
    for place, values in rows:
        made = dataset_of(values, place, lines)
        if made is None:
            continue
        before = found.get(made.source_id)
        if before is None:
            lines.append(Line(place, "used", f"Dataset “{made.title}”."))
            found[made.source_id] = made
        else:
            lines.append(Line(place, "merged", f"Another form of “{before.title}”."))
            found[made.source_id] = before.merged(made)
    yield from found.values()
    yield from lines


def _csv(text: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    start = text[:65536]
    if not start.strip():
        raise FeedError(f"{name} is empty.")
    delimiter = max(",;\t|", key=lambda mark: start.split("\n", 1)[0].count(mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(reader, [])
    known = {alias for names in NAMES.values() for alias in names}
    if len({local(h) for h in header} & known) < 2:
        shown = ", ".join(header)[:120]
        raise FeedError(
            f"{name}: none of the columns ({shown}) is one that a catalogue has. "
            "Name at least a title, a publisher and an address."
        )
    for row in reader:
        place = f"{name}, line {reader.line_num}"
        if row:
            yield place, dict(zip(header, row, strict=False))


def _json(text: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FeedError(f"{name} is not valid JSON{where}.") from error
    items = _datasets_in(data)
    if items is None:
        raise FeedError(
            f"{name} holds no list of datasets. Expected DCAT (dataset, @graph), "
            "data.json (dataset) or a CKAN answer (result.results)."
        )
    inherited = _publisher_of(data)
    by_id = _by_id(data)
    for number, item in enumerate(items, 1):
        values = _resolved(item, by_id) if isinstance(item, Mapping) else {}
        yield f"{name}, dataset {number}", {**inherited, **values}


def _datasets_in(data: Any, depth: int = 0) -> list[Any] | None:
    """The list of datasets, wherever a catalogue of these kinds keeps it."""
    if isinstance(data, list):
        return data
    if not isinstance(data, Mapping) or depth > 3:
        return None
    by_name = {local(str(k)): v for k, v in data.items()}
    for name in ("dataset", "datasets", "results", "packages"):
        if isinstance(by_name.get(name), list):
            return list(by_name[name])
        if isinstance(by_name.get(name), Mapping):
            return [by_name[name]]
    graph = by_name.get("@graph")
    if isinstance(graph, list):
        return [n for n in graph if isinstance(n, Mapping) and "dataset" in _types(n)]
    return _datasets_in(by_name.get("result"), depth + 1)


def _types(node: Mapping[str, Any]) -> set[str]:
    given: Any = next((v for k, v in node.items() if local(str(k)) in ("@type", "type")), [])
    return {local(str(t)) for t in (given if isinstance(given, list) else [given])}


def _publisher_of(data: Any) -> dict[str, Any]:
    """The catalogue's own publisher, for datasets that name none."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            if local(str(name)) == "publisher":
                return {"publisher": value}
    return {}


def _by_id(data: Any) -> dict[str, Mapping[str, Any]]:
    graph = data.get("@graph") if isinstance(data, Mapping) else None
    nodes = graph if isinstance(graph, list) else []
    return {n["@id"]: n for n in nodes if isinstance(n, Mapping) and isinstance(n.get("@id"), str)}


def _resolved(
    item: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], depth: int = 0
) -> dict[str, Any]:
    """A node with the nodes it points at put in their places, two levels deep."""

    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(v) for v in value[:1000]]
        if isinstance(value, Mapping) and set(value) == {"@id"} and depth < 2:
            target = by_id.get(value["@id"])
            return _resolved(target, by_id, depth + 1) if target else value["@id"]
        return value

    return {str(name): put(value) for name, value in item.items()}


def _rdf(text: str, kind: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from rdflib import BNode, Graph, URIRef

    if kind == "xml" and ("<!ENTITY" in text or "<!DOCTYPE" in text):
        raise FeedError(f"{name} declares entities, which are refused. Write it without DOCTYPE.")
    graph = Graph()
    try:
        graph.parse(data=text, format=kind)
    except Exception as error:  # rdflib raises whatever its parsers raise
        raise FeedError(f"{name} is not valid {kind}: {str(error)[:200]}") from error
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in graph:
        node = nodes.setdefault(str(subject), {"@id": str(subject)})
        key = "@type" if str(predicate).endswith("#type") else str(predicate)
        pointer = isinstance(value, URIRef | BNode)
        node.setdefault(key, []).append({"@id": str(value)} if pointer else str(value))
    found = [
        n
        for _, n in sorted(nodes.items())
        if "dataset" in {local(_iri(t)) for t in n.get("@type", [])}
    ]
    if not found:
        raise FeedError(f"{name} holds no dcat:Dataset.")
    for number, node in enumerate(found, 1):
        values = {
            k: v if len(v) > 1 or local(k) in ("distribution", "keyword", "theme") else v[0]
            for k, v in _resolved(node, nodes).items()
            if isinstance(v, list)
        }
        yield f"{name}, dataset {number}", {"@id": node["@id"], **values}


def _iri(value: Any) -> str:
    return value["@id"] if isinstance(value, Mapping) else str(value)
