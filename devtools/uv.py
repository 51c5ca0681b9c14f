"""Finding uv, or fetching the one the lock names in whichever way the machine allows."""

from __future__ import annotations

import hashlib
import io
import platform
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from devtools.shell import BOOT, ROOT, quiet, say

LEAST = (0, 11)  # the first line of releases that reads every option of pyproject.toml
Wheel = tuple[str, str]  # address, sha256 in hex


def base_python() -> str:
    """The interpreter under any virtual environment that this one was started from."""
    inside = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    return str(inside) if sys.prefix != sys.base_prefix and inside.exists() else sys.executable


def find() -> str | None:
    """A suitable uv: the one on the machine, or the one an earlier run fetched."""
    on_path = shutil.which("uv")
    fetched = [BOOT / "venv" / "bin", BOOT / "target" / "bin", BOOT / "wheel"]
    personal = [Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin"]
    places = [Path(on_path)] if on_path else []
    places += [folder / "uv" for folder in (*fetched, *personal)]
    return next((str(place) for place in places if place.exists() and _suits(place)), None)


def _suits(uv: Path) -> bool:
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    found = re.match(r"uv (\d+)\.(\d+)", said.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= LEAST


def fetch() -> str | None:
    """Get the uv that the lock names, checked against its hash; None where nothing worked."""
    version, wheels = _locked()
    say(f"· fetching the installer (uv {version}) into .boot/")
    BOOT.mkdir(exist_ok=True)
    wanted = BOOT / "uv.txt"
    hashes = " ".join(f"--hash=sha256:{digest}" for _, digest in wheels)
    wanted.write_text(f"uv=={version} {hashes}\n", encoding="utf-8")
    python, inside = base_python(), BOOT / "venv" / "bin" / "python"
    pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:"]

    def in_a_venv() -> bool:
        made = quiet([python, "-m", "venv", "--clear", BOOT / "venv"])
        return made and quiet([inside, *pip, "-r", wanted])

    def beside() -> bool:  # Debian without python3-venv
        return quiet([python, *pip, "--target", BOOT / "target", "-r", wanted])

    def by_hand() -> bool:  # a Python with neither venv nor pip
        return any(_unpack(wheel) for wheel in wheels if _fits(wheel[0]))

    ways: list[Callable[[], bool]] = [in_a_venv, beside, by_hand]
    return next((uv for way in ways if way() and (uv := find())), None)


def _locked() -> tuple[str, list[Wheel]]:
    import tomllib

    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    package = next(entry for entry in lock["package"] if entry["name"] == "uv")
    wheels = [(w["url"], w["hash"].removeprefix("sha256:")) for w in package["wheels"]]
    return package["version"], wheels


def _fits(address: str) -> bool:
    """Whether a wheel is for this machine, by the tags in its name."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx" in address and address.endswith(f"{machine}.whl")
    # uv's program for musl is statically linked, so it runs on every Linux
    return "musllinux" in address and address.endswith(f"{machine}.whl")


def _unpack(wheel: Wheel) -> bool:
    """Put the program from a wheel under `.boot/wheel`; False if out of reach or altered."""
    address, digest = wheel
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 -- from the lock
            body = answer.read()
    except OSError:
        return False
    if hashlib.sha256(body).hexdigest() != digest:
        return False
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        program = BOOT / "wheel" / "uv"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_bytes(archive.read(name))
        program.chmod(0o755)
    return True
