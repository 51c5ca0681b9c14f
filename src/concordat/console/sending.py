"""`concordat table send TB-… FILE [--load]`: a file for a table, gone on with after a cut.

By the tus protocol 1.0.0 (https://tus.io). Where it was begun is kept beside the profile, so that the
same command goes on from there.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

import httpx2

from concordat.console.profile import where

_VERSION: Final = {"Tus-Resumable": "1.0.0"}
_PIECE: Final = 1024 * 1024
_REQUEST: Final = 64 * _PIECE  # what is sent before the site is asked to say how much it has
_TRIES: Final = 8
_AGAIN: Final = (409, 429)  # and whatever the site says is its own fault
Tell = Callable[[int, int], None]


class Refused(Exception):
    """The site did not take the file; the message is its own."""


def send(client: httpx2.Client, table: str, file: Path, tell: Tell) -> int:
    """Send `file` for `table`, going on where it was cut off; returns the number it waits under.

    `tell` is called with bytes there and bytes in all. Raises Refused, and httpx2.HTTPError when
    the site was lost for longer than a few minutes.
    """
    size, tries, address = file.stat().st_size, 0, ""
    key = f"{client.base_url} {table} {file.resolve()} {size} {file.stat().st_mtime_ns}"
    with file.open("rb") as source:
        while True:
            try:
                address = address or _begun(client, key) or _begin(client, table, file, size)
                _remember(key, address)
                there = _offset(_ask(client, "HEAD", address))
                while there < size:
                    tell(there, size)
                    there = _go_on(client, address, source, there)
                    tries = 0
            except Refused:
                _remember(key, "")
                raise
            except httpx2.HTTPError:
                tries += 1
                if tries > _TRIES:
                    raise
                time.sleep(min(30, 2**tries / 4))
            else:
                tell(size, size)
                _remember(key, "")
                return int(address.rsplit("/", 1)[1])


def _begun(client: httpx2.Client, key: str) -> str:
    """Where this file was begun before, if that is still there."""
    address = _kept().get(key, "")
    if address:
        with suppress(Refused):
            _ask(client, "HEAD", address)
            return str(address)
    return ""


def _begin(client: httpx2.Client, table: str, file: Path, size: int) -> str:
    name = base64.b64encode(file.name.encode()).decode()
    told = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    begun = _ask(client, "POST", f"/api/v1/tables/{table}/uploads/resumable", told)
    return str(begun.headers["Location"])


def _go_on(client: httpx2.Client, address: str, source: IO[bytes], there: int) -> int:
    source.seek(there)
    told = {"Upload-Offset": str(there), "Content-Type": "application/offset+octet-stream"}
    left = min(_REQUEST, source.seek(0, 2) - there)
    source.seek(there)
    told["Content-Length"] = str(left)
    return _offset(_ask(client, "PATCH", address, told, _pieces(source, left)))


def _pieces(source: IO[bytes], left: int) -> Iterator[bytes]:
    while left and (piece := source.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _offset(answer: httpx2.Response) -> int:
    return int(answer.headers["Upload-Offset"])


def _ask(
    client: httpx2.Client,
    method: str,
    address: str,
    headers: dict[str, str] | None = None,
    content: Any = None,
) -> httpx2.Response:
    """Ask; raises Refused for what will not change and HTTPError for what may."""
    # The last piece is answered when the whole file has been looked at.
    timeout = httpx2.Timeout(60, read=3600)
    told = {**_VERSION, **(headers or {})}
    answer = client.request(method, address, headers=told, content=content, timeout=timeout)
    if answer.status_code in _AGAIN or answer.is_server_error:
        time.sleep(int(answer.headers.get("Retry-After", 0)))
        raise httpx2.TransportError(f"The site answered {answer.status_code}.")
    if answer.is_error:
        raise Refused(_words(answer))
    return answer


def _words(answer: httpx2.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"The site answered {answer.status_code}."
    said = [error["message"] for error in problem.get("errors", [])]
    return " ".join(said or [problem.get("detail", ""), problem.get("mend", "")])


def _file() -> Path:
    return where().with_name("uploads.json")


def _kept() -> dict[str, str]:
    with suppress(OSError, ValueError):
        found: dict[str, str] = json.loads(_file().read_text("utf-8"))
        return found
    return {}


def _remember(key: str, address: str) -> None:
    """Keep where a file was begun; "" forgets it."""
    kept = {k: v for k, v in {**_kept(), key: address}.items() if v}
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(json.dumps(kept), "utf-8")
