"""The `concordat` command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run an operator's command, or a verb over the API."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
