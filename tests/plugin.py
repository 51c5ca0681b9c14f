"""What every test may use: the database asked for, the shared data, and an honest summary."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # how long a run takes is never asserted
settings.load_profile("house")

# A test must not depend on, or reach, whatever the person running it has set up.
_KEPT = {"CONCORDAT_SHARED", "CONCORDAT_TEST_NOTES", "CONCORDAT_DATABASE_URL"}
_DATA = Path(tempfile.mkdtemp(prefix="concordat-tests-"))
for _name in [name for name in os.environ if name.startswith("CONCORDAT_") and name not in _KEPT]:
    del os.environ[_name]
os.environ["CONCORDAT_DATA_DIR"] = str(_DATA)
os.environ["CONCORDAT_RATE_LIMIT"] = "0"
os.environ["CONCORDAT_REQUIRE_SECOND_FACTOR"] = "false"  # but where a test asks for it
os.environ["CONCORDAT_LOG_LEVEL"] = "ERROR"
# Playwright keeps an event loop in the thread of the tests, which Django would refuse to work beside.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the live server end what it does before the database is emptied.

    A client has its last byte before the server has told the log of it, in a thread that shares the
    test's connection: what it wrote while the tables were emptied broke their keys, or its connection
    was closed by another thread, in whichever test came next.
    """
    if "live_server" not in request.fixturenames:
        yield
        return
    from django.core.signals import request_finished, request_started

    request.getfixturevalue("transactional_db")  # emptied after this has waited
    at_work: Counter[int | None] = Counter()

    def started(**_: object) -> None:
        at_work[threading.get_ident()] += threading.current_thread() is not threading.main_thread()

    def finished(**_: object) -> None:
        at_work[threading.get_ident()] = 0

    request_started.connect(started, weak=False)
    request_finished.connect(finished, weak=False)
    yield
    until = time.monotonic() + 10
    while any(list(at_work.values())) and time.monotonic() < until:
        time.sleep(0.01)
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=["sqlite", "pg"],
        default="sqlite",
        help="the database to test on; pg is the server at DATABASE_URL, or one from a wheel",
    )


@pytest.hookimpl(tryfirst=True)  # pytest-django reads the settings in the same hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Settle the database before Django reads its settings."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the process that started this one has settled it
    os.environ.pop("CONCORDAT_DATABASE_URL", None)
    if early_config.known_args_namespace.db != "pg":
        return
    from tests.postgres import address

    try:
        os.environ["CONCORDAT_DATABASE_URL"] = address(_DATA)
    except (ImportError, OSError, RuntimeError) as error:
        note("pg", [], {"every test on PostgreSQL": f"no server starts here ({error})"})
        pytest.exit("PostgreSQL is not available here", returncode=0)


@pytest.hookimpl(tryfirst=True)  # before the choice by `-m` is made
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database is tried once, and so is a whole site, which keeps its own."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        database = asked & {"db", "transactional_db", "own"} or item.get_closest_marker("django_db")
        if "site" in asked or not database:
            item.add_marker("once")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        from tests.postgres import stop

        stop()
    shutil.rmtree(_DATA, ignore_errors=True)


def shared_folder() -> Path | None:
    """The shared data, where it is present."""
    named = os.environ.get("CONCORDAT_SHARED")
    here = Path(__file__).resolve().parents[2] / "shared"
    found = Path(named) if named else here
    return found if (found / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; the test is skipped, with the reason, where it is absent."""
    found = shared_folder()
    if found is None:
        pytest.skip("the shared data is not here (set CONCORDAT_SHARED)")
    return found / "data"


def note(database: str, passed: list[str], skipped: dict[str, str]) -> None:
    """Keep a run for the end of `make test`, which puts the runs on each database together."""
    if where := os.environ.get("CONCORDAT_TEST_NOTES"):
        line = json.dumps({"database": database, "passed": passed, "skipped": skipped})
        with Path(where).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name each reason for skipping once, with how many tests it cost."""
    skipped = {}
    for report in terminalreporter.stats.get("skipped", []):
        where = report.longrepr
        text = where[2] if isinstance(where, tuple) else str(where)
        skipped[report.nodeid] = " ".join(text.removeprefix("Skipped: ").split())
    for reason, count in sorted(Counter(skipped.values()).items()):
        terminalreporter.write_line(f"not tested: {count} test{'s'[: count > 1]}, because {reason}")
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    note(config.getoption("db"), passed, skipped)
