"""Which site, and the token for it: kept in one file that only its owner can read."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Profile:
    """A site's address and a bearer token."""

    url: str = "http://127.0.0.1:8000"
    token: str = ""


def where() -> Path:
    """The file, in the folder that the system keeps settings in."""
    folder = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(folder) / "concordat" / "profile.json"


def load() -> Profile:
    """The profile, with CONCORDAT_URL and CONCORDAT_TOKEN before the file."""
    kept = {}
    with suppress(OSError, ValueError):
        kept = json.loads(where().read_text("utf-8"))
    url = os.environ.get("CONCORDAT_URL") or kept.get("url") or Profile.url
    token = os.environ.get("CONCORDAT_TOKEN") or kept.get("token") or ""
    return Profile(str(url).rstrip("/"), str(token))


def save(profile: Profile) -> None:
    """Keep it where only the owner can read."""
    path = where()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(asdict(profile), out)
