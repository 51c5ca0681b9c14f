"""Delta's peer: the least Delta Sharing server, on the Parquet files of one folder, with no policy,
no log and no question asked. Served as ours is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BENCH_FILES"])
SCHEMA = os.environ["BENCH_SCHEMA"]
PIECE = 1024 * 1024
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """WSGI: `…/query` names the files, `/files/…` gives their bytes."""
    path: str = environ["PATH_INFO"]
    if path.startswith("/files/"):
        return _file(environ, start, FOLDER / Path(path).name)
    if not path.endswith("/query"):
        start("404 Not Found", [("Content-Length", "0")])
        return []
    base = f"http://{environ['HTTP_HOST']}/files/"
    delta = "delta" in environ.get("HTTP_DELTA_SHARING_CAPABILITIES", "").partition(";")[0]
    text = "".join(json.dumps(line) + "\n" for line in _lines(base, delta=delta)).encode()
    kind = ("Content-Type", "application/x-ndjson")
    form = ("delta-sharing-capabilities", f"responseformat={'delta' if delta else 'parquet'}")
    start("200 OK", [kind, form, ("Delta-Table-Version", "0"), ("Content-Length", str(len(text)))])
    return [text]


def _lines(base: str, *, delta: bool) -> Iterable[dict[str, Any]]:
    about = {"id": "t", "schemaString": SCHEMA, "partitionColumns": []}
    if delta:
        about |= {"format": {"provider": "parquet", "options": {}}, "configuration": {}}
        yield {"protocol": {"deltaProtocol": {"minReaderVersion": 1, "minWriterVersion": 2}}}
        yield {"metaData": {"deltaMetadata": about, "version": 0}}
    else:
        yield {"protocol": {"minReaderVersion": 1}}
        yield {"metaData": {**about, "format": {"provider": "parquet"}}}
    for path in sorted(FOLDER.glob("*.parquet")):
        known = {"size": path.stat().st_size, "partitionValues": {}}
        if delta:
            named = base + path.name + "?X-Amz-Signature=none"
            add = {**known, "path": named, "modificationTime": 0, "dataChange": True}
            yield {"file": {"id": path.stem, "deltaSingleAction": {"add": add}}}
        else:
            yield {"file": {**known, "id": path.stem, "url": base + path.name}}


def _file(environ: dict[str, Any], start: Start, path: Path) -> Iterable[bytes]:
    size = path.stat().st_size
    first, last, status = 0, size - 1, "200 OK"
    heads = [("Content-Type", "application/vnd.apache.parquet"), ("Accept-Ranges", "bytes")]
    if asked := environ.get("HTTP_RANGE", "").removeprefix("bytes="):
        begin, _, end = asked.partition("-")
        first = int(begin) if begin else size - int(end)
        last = min(int(end), size - 1) if begin and end else size - 1
        status = "206 Partial Content"
        heads.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    start(status, [*heads, ("Content-Length", str(last - first + 1))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else _pieces(path, first, last + 1)


def _pieces(path: Path, start: int, stop: int) -> Iterable[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (piece := file.read(min(PIECE, stop - start))):
            start += len(piece)
            yield piece
