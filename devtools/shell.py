"""Running commands in an environment of our own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOT = ROOT / ".boot"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# What may point an installer at a mirror: pip's name for it, then uv's.
MIRRORS = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
}
MAIN_INDEX = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
EVERY_INDEX = {*MIRRORS, *MIRRORS.values(), *MAIN_INDEX, "UV_EXTRA_INDEX_URL", "PIP_NO_INDEX"}
# What an activated environment or a personal setting would otherwise impose on ours. Without
# compiled files every process would compile the whole of Django again, for as long as it then runs.
STRAY = {
    *("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_PYTHON", "UV_NO_BINARY"),
    *("PYTHONHOME", "PYTHONPATH", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_PREFIX"),
    *("PIP_USER", "PIP_REQUIRE_HASHES", "PIP_NO_BINARY", "PYTHONDONTWRITEBYTECODE"),
}

Word = str | os.PathLike[str]


class StopError(Exception):
    """The task cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """Tell the reader, at once."""
    print(text, flush=True)


def environment(**more: str) -> dict[str, str]:
    """Ours: no stray settings; a mirror named for pip is named for uv too, and the reverse."""
    made = {name: value for name, value in os.environ.items() if name not in STRAY}
    if old := made.get("UV_INDEX_URL"):
        made.setdefault("UV_DEFAULT_INDEX", old)
    for pip, uv in MIRRORS.items():
        if value := made.get(pip):
            made.setdefault(uv, value)
        elif value := made.get(uv):
            made.setdefault(pip, value)
    if authority := made.get("PIP_CERT"):
        made.setdefault("SSL_CERT_FILE", authority)
    made["UV_PYTHON_DOWNLOADS"] = "never"  # a machine without a network has none to offer
    made["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if not os.access(Path.home(), os.W_OK):
        made.setdefault("UV_CACHE_DIR", str(BOOT / "cache"))
        made.setdefault("PIP_CACHE_DIR", str(BOOT / "cache" / "pip"))
    return made | more


def run(command: Iterable[Word], env: Mapping[str, str] | None = None) -> int:
    """Run a command in the open; its exit status, or 127 where there is no such command."""
    try:
        done = subprocess.run([*command], cwd=ROOT, env=env or environment(), check=False)
    except OSError:
        return 127
    return done.returncode


def quiet(command: Iterable[Word]) -> bool:
    """Run a command out of sight; whether it worked. What it said is kept in `.boot/last.log`."""
    BOOT.mkdir(exist_ok=True)
    with (BOOT / "last.log").open("wb") as log:
        try:
            done = subprocess.run(
                [*command], cwd=ROOT, env=environment(), stdout=log, stderr=log, check=False
            )
        except OSError as error:
            log.write(str(error).encode())
            return False
    return done.returncode == 0
