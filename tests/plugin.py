"""What every test may use: the database asked for, the shared data, the cast."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

_DATA = tempfile.mkdtemp(prefix="concordat-tests-")
os.environ["CONCORDAT_DATA_DIR"] = _DATA
os.environ.setdefault("CONCORDAT_RATE_LIMIT", "0")
os.environ.setdefault("CONCORDAT_LOG_LEVEL", "ERROR")
for _name in ("CONCORDAT_STORAGE_URL", "CONCORDAT_DEMO"):
    os.environ.pop(_name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "pg"], default="sqlite", help="Database to test on")


@pytest.hookimpl(tryfirst=True)  # pytest-django reads the settings in the same hook
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Settle the database before Django reads its settings."""
    if early_config.known_args_namespace.db != "pg" or os.environ.get("CONCORDAT_DATABASE_URL"):
        return
    from tests.postgres import start

    os.environ["CONCORDAT_DATABASE_URL"] = start(Path(_DATA))


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    from tests.postgres import stop

    stop()


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each reason for skipping once, with how many tests it cost."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        where = report.longrepr
        text = where[2] if isinstance(where, tuple) else str(where)
        text = text.removeprefix("Skipped: ")
        reasons[text] = reasons.get(text, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"not tested: {count} tests, because {reason}")
