#!/usr/bin/env python3
"""The project's tasks, on nothing but Python: `python3 dev.py demo` is what `make demo` runs.

Everything lands in this folder: `.boot/` holds the installer where the machine has none, `.venv/`
the locked dependencies. Nothing else on the machine changes, except that `test` asks apt for
Chromium when it runs as root and finds no browser.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 -- said here, because the rest would not even import
    raise SystemExit(
        f"Concordat needs Python 3.11 or newer, and this is {sys.version.split()[0]}.\n"
        "Name a newer one: make PYTHON=python3.12 demo"
    )

from devtools import dependencies
from devtools.dependencies import sync
from devtools.shell import BOOT, PYTHON, ROOT, VENV, StopError, environment, quiet, run, say

MODULE = [str(PYTHON), "-m"]


def demo(options: list[str]) -> int:
    """Build the demonstration world, run the main job, serve it (PORT=8001, ONCE=1)."""
    sync()
    command = [*MODULE, "concordat", "demo", *options]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(command[0], command, environment(CONCORDAT_DEMO="1"))  # noqa: S606 -- so that Ctrl-C reaches it


def demo_reset(options: list[str]) -> int:
    """The same, from nothing."""
    return demo(["--reset", *options])


def browser() -> None:
    """Make sure of a browser for the tests, where this machine lets us."""
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("· installing Chromium with apt, for the browser tests (a minute or two)")
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        if quiet(install) or (quiet(["apt-get", "update"]) and quiet(install)):
            return
    say("· fetching Chromium with Playwright, for the browser tests")
    quiet([*MODULE, "playwright", "install", "chromium"])


def test(options: list[str]) -> int:
    """Every test, on SQLite and then on PostgreSQL; what could not be tested is said last."""
    sync(everything=True)
    browser()
    notes = BOOT / "not-tested.txt"
    BOOT.mkdir(exist_ok=True)
    notes.write_text("", encoding="utf-8")
    env = environment(CONCORDAT_TEST_NOTES=str(notes))
    pytest = [*MODULE, "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    on_pg = ["--db", "pg", "-m", "not browser and not once"]
    statuses = []
    for title, command in (
        ("SQLite, with the browser", pytest),
        ("PostgreSQL", [*pytest, *on_pg]),
    ):
        say(f"── tests on {title} ──")
        statuses.append(run([*command, *options], env))
    say("\n".join(left_out(notes)))
    fine = {0, 5} if options else {0}  # 5: a choice of tests that matched none
    return int(not fine.issuperset(statuses))


def left_out(notes: Path) -> list[str]:
    """A line for each reason why tests ran on neither database."""
    runs = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    passed = {test for run in runs for test in run["passed"]}
    skipped = {test: reason for run in runs for test, reason in run["skipped"].items()}
    reasons = Counter(reason for test, reason in skipped.items() if test not in passed)
    lines = [f"  {count} × {reason}" for reason, count in sorted(reasons.items())]
    return ["── not tested on this machine ──", *lines] if lines else ["nothing was left out"]


def spark(options: list[str]) -> int:
    """Apache Spark beside DuckDB: installs the extra `spark` (780 MB), needs Java 17."""
    sync(everything=True)
    dependencies.add("requirements-spark.txt")
    return run([*MODULE, "pytest", "-q", "-m", "spark", "src/concordat/tables", *options])


CHECKS: dict[str, list[str]] = {
    "format": [*MODULE, "ruff", "format", "--check", "."],
    "lint": [*MODULE, "ruff", "check", "."],
    "types": [*MODULE, "mypy"],
    "import contracts": [str(VENV / "bin" / "lint-imports")],
    "templates": [*MODULE, "djlint", "src", "--lint", "--quiet"],
    "declared dependencies": [*MODULE, "deptry", "src"],
    "migrations": [*MODULE, "concordat", "makemigrations", "--check", "--dry-run"],
    "generated docs": [*MODULE, "concordat", "docs", "--check"],
    "house and lock": [*MODULE, "pytest", "-q", "tests/house"],
}


def check(options: list[str]) -> int:
    """Format, lint, types, import contracts, templates, migrations, docs, lock (or those named)."""
    sync(everything=True)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        env = environment(CONCORDAT_DATA_DIR=folder)
        for name in options or CHECKS:
            began = time.monotonic()
            say(f"── {name} ──")
            if run(CHECKS[name], env):
                failed.append(name)
            say(f"   {time.monotonic() - began:.1f} s")
    say(f"✗ failed: {', '.join(failed)}" if failed else "every check passed")
    return int(bool(failed))


def fmt(options: list[str]) -> int:
    """Format the code and mend what the linter can mend."""
    sync(everything=True)
    mended = run([*MODULE, "ruff", "check", "--fix", ".", *options])
    return run([*MODULE, "ruff", "format", "."]) or mended


def bench(options: list[str]) -> int:
    """Measure, with the peers beside."""
    sync(everything=True)
    return run([*MODULE, "bench", *options])


TASKS = {
    "demo": demo,
    "demo-reset": demo_reset,
    "test": test,
    "check": check,
    "bench": bench,
    "spark": spark,
    "lock": dependencies.lock,
    "fmt": fmt,
}


def main() -> int:
    """Run the task named on the command line; what follows it is passed on."""
    lines = [f"  {name:<11} {(task.__doc__ or '').splitlines()[0]}" for name, task in TASKS.items()]
    parser = argparse.ArgumentParser(
        prog=Path(__file__).name,
        description=__doc__,
        epilog="\n".join(["tasks:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS, metavar="task")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="passed on to the task")
    chosen = parser.parse_args()
    try:
        return TASKS[chosen.task](chosen.options)
    except StopError as reason:
        say(f"✗ {reason}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
