"""Where DOIs are registered: whoever keeps them, behind one verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2


class Registrar(Protocol):
    """Somebody who registers DOIs; the same DOI again replaces what was told of it."""

    def register(self, doi: str, address: str, metadata: Mapping[str, Any]) -> None:
        """Have `doi` lead to `address`, and tell its metadata. Raises httpx2.HTTPError."""
        ...


@dataclass(frozen=True)
class DataCite:
    """DataCite's REST API (support.datacite.org/docs/api): a PUT makes or changes a DOI."""

    base: str
    repository: str
    password: str = field(repr=False)

    def register(self, doi: str, address: str, metadata: Mapping[str, Any]) -> None:
        """One request of 30 seconds or less."""
        told = {**metadata, "doi": doi, "url": address, "event": "publish"}
        answer = httpx2.put(
            f"{self.base.rstrip('/')}/dois/{doi}",
            auth=(self.repository, self.password),
            json={"data": {"type": "dois", "id": doi, "attributes": told}},
            headers={"Content-Type": "application/vnd.api+json"},
            timeout=30,
        )
        answer.raise_for_status()
