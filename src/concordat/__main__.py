"""The `concordat` command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run an operator's command, or a verb over the API."""
    if sys.argv[1:2] == ["verify"]:  # needs no settings and no database
        from concordat.kernel.audit.console import main as verify

        return verify(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
