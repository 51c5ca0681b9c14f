"""The project's own text, for the tests that read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = {".venv", ".boot", ".git", "var", "__pycache__", "node_modules"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project, relative to its root.

    Asked of git, with what is new and not ignored; outside a repository, every file there is.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        names = listed.stdout.split("\0")
        found = {Path(name) for name in names if name}
    except (OSError, subprocess.CalledProcessError):
        every = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        found = {path for path in every if not _NOT_OURS & set(path.parts)}
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def python_files(*, generated: bool = False, tests: bool = True) -> Iterator[Path]:
    """Python files, relative to the root; migrations are made by a machine and so left out."""
    for path in tracked():
        if path.suffix != ".py":
            continue
        if (generated or "migrations" not in path.parts) and (tests or "tests" not in path.parts):
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file, methods and inner ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
