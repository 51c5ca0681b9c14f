"""The `concordat` command: operators' commands here, everybody's verbs over the API."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

# Django's own commands that an operator needs beside ours.
_DJANGO = {"migrate", "makemigrations", "check", "createcachetable", "shell", "test", "help"}


def main() -> int:
    """Run one command; returns the exit status."""
    arguments = sys.argv[1:]
    name = arguments[0] if arguments else "--help"
    if name == "verify":  # needs no settings and no database
        from concordat.evaluations.rules.openfile import OpenFile
        from concordat.kernel.audit.console import main as verify

        return verify(arguments[1:], OpenFile)
    if name in ("--help", "-h"):
        from concordat.console.app import main as console

        status = console(["--help"])
        sys.stdout.write("\nOperators' commands, on the machine itself: concordat help\n")
        return status
    if name in _DJANGO or name.startswith("-") or _is_operators(name):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.site.settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
        return 0
    from concordat.console.app import main as console

    return console(arguments)


def _is_operators(name: str) -> bool:
    """Whether one of our apps has a command of this name, without loading Django."""
    found = find_spec("concordat")
    root = Path(found.origin).parent if found and found.origin else Path()
    return any(root.glob(f"*/management/commands/{name}.py")) if name.isidentifier() else False


if __name__ == "__main__":
    raise SystemExit(main())
