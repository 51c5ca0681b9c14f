"""The locked dependencies: installing them into `.venv`, and locking them anew."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from devtools import uv
from devtools.shell import (
    BOOT,
    EVERY_INDEX,
    MAIN_INDEX,
    PYTHON,
    ROOT,
    VENV,
    StopError,
    Word,
    environment,
    quiet,
    run,
    say,
)

PYPI = "https://pypi.org/simple"
STAMP = VENV / ".concordat-synced"
LEAST_PYTHON = (3, 11)
# To run, to run the demonstration, to develop: hashes without hosts, for any mirror
EXPORTS = {
    "requirements.txt": [],
    "requirements-demo.txt": ["--group", "demo"],
    "requirements-dev.txt": ["--all-groups"],
    "requirements-spark.txt": ["--extra", "spark"],
}


def sync(*, everything: bool = False) -> None:
    """Install what the demonstration takes, or `everything` to develop too, unless it is there.

    A machine that names a mirror may not reach the hosts in `uv.lock`, so there the exported
    requirements, which hold hashes and no hosts, come first; elsewhere they are the way round.
    Raises StopError when no way works.
    """
    if _synced(everything):
        return
    began = time.monotonic()
    say("· installing the locked dependencies into .venv/")
    STAMP.unlink(missing_ok=True)
    exported = ROOT / ("requirements-dev.txt" if everything else "requirements-demo.txt")
    ways: list[Callable[[], bool]] = [lambda: _by_pip(exported)]
    if program := uv.find() or uv.fetch():
        straight: Callable[[], bool] = lambda: _from_lock(program, everything)  # noqa: E731
        around: Callable[[], bool] = lambda: _from_mirror(program, exported)  # noqa: E731
        mirrored = any(os.environ.get(name) for name in MAIN_INDEX)
        ways = [around, straight, *ways] if mirrored else [straight, around, *ways]
    if not any(way() for way in ways):
        raise StopError(
            "The dependencies could not be installed: the lines above say why. Is there a network,"
            " or a mirror named in PIP_INDEX_URL or UV_DEFAULT_INDEX?"
        )
    STAMP.write_text(_mark(everything), encoding="utf-8")
    say(f"· ready in {time.monotonic() - began:.0f} s")


def add(exported: str) -> None:
    """Install an extra of the lock beside what is there. Raises StopError when that fails."""
    say(f"· installing {exported}")
    how: list[Word] = [PYTHON, "-m", "pip"]
    if program := uv.find() or uv.fetch():
        how = [program, "pip"]
    install: list[Word] = [*how, "install", "--quiet", "--require-hashes", "-r", ROOT / exported]
    if program:
        install += ["--no-config", "--python", PYTHON]
    if run(install) != 0:
        raise StopError("The extra could not be installed: the lines above say why.")


def _mark(everything: bool) -> str:
    """One line that changes whenever the environment has to."""
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return f"{digest.hexdigest()} {'everything' if everything else 'demo'}"


def _synced(everything: bool) -> bool:
    if not STAMP.exists() or not PYTHON.exists():
        return False
    return STAMP.read_text(encoding="utf-8") in {_mark(True), _mark(everything)}


def _venv_suits() -> bool:
    test = f"import sys; sys.exit(sys.version_info < {LEAST_PYTHON})"
    return PYTHON.exists() and quiet([PYTHON, "-c", test])


def _from_lock(program: str, everything: bool) -> bool:
    """Always `--frozen`: plain `uv sync` would rewrite the hosts in the lock."""
    groups = (
        ["--all-groups"] if everything else ["--no-default-groups", "--group", "demo", "--inexact"]
    )
    python = [] if _venv_suits() else ["--python", uv.base_python()]
    return run([program, "sync", "--quiet", "--frozen", *groups, *python]) == 0


def _from_mirror(program: str, exported: Path) -> bool:
    """From whichever index this machine names, by hash.

    Without the project's settings: a mirror that tells no upload times would, under the cool-down,
    seem to hold nothing, and the hashes already say what may be installed.
    """
    venv: list[Word] = [program, "venv", "--quiet", "--clear", "--no-config", VENV]
    venv += ["--python", uv.base_python()]
    if not _venv_suits() and run(venv) != 0:
        return False
    install: list[Word] = [program, "pip", "install", "--quiet", "--no-config", "--python", PYTHON]
    return (
        run([*install, "--require-hashes", "-r", exported]) == 0
        and run([*install, "--no-deps", "-e", ROOT]) == 0
    )


def _by_pip(exported: Path) -> bool:
    """With pip alone, by hash."""
    say("· trying pip alone")
    if not _venv_suits() and run([uv.base_python(), "-m", "venv", "--clear", VENV]) != 0:
        return False
    if not quiet([PYTHON, "-m", "pip", "--version"]) and not quiet([PYTHON, "-m", "ensurepip"]):
        return False
    install: list[Word] = [PYTHON, "-m", "pip", "install", "--quiet"]
    return (
        run([*install, "--require-hashes", "-r", exported]) == 0
        and run([*install, "--no-deps", "-e", ROOT]) == 0
    )


def lock(options: list[str]) -> int:
    """Resolve from PyPI alone, whatever mirror is set here, and export the requirements.

    Raises StopError where uv cannot be had.
    """
    program = uv.find() or uv.fetch()
    if not program:
        raise StopError("Locking needs uv, and it could not be fetched.")
    env = {name: value for name, value in environment().items() if name not in EVERY_INDEX}
    env["XDG_CONFIG_HOME"] = env["XDG_CONFIG_DIRS"] = str(BOOT / "no-settings")
    if status := run([program, "lock", "--default-index", PYPI, *options], env):
        return status
    export = [program, "export", "--quiet", "--frozen", "--no-emit-project"]
    export += ["--no-header", "--no-annotate", "--no-default-groups"]
    return max(run([*export, *groups, "-o", name], env) for name, groups in EXPORTS.items())
