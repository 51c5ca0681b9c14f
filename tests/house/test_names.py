"""Names that say nothing, traces of somebody's machine, and promises left in the code."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT, python_files, tracked

pytestmark = pytest.mark.once

EMPTY_NAMES = {"base", "common", "core", "helper", "helpers", "lib", "manager", "managers", "misc"}
EMPTY_NAMES |= {"service", "services", "signals", "shared", "stuff", "tools", "util", "utils"}
# Files fetched whole from elsewhere; VENDORED.md beside them says which.
VENDORED = re.compile(r"(^|/)(vendor|static)/|fixtures\.json\.xz$")
HERE = "tests/house/test_names.py"
MACHINES = re.compile(
    r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work|tmp/\w+)/|bootuv|file:///(?!\{|etc/)|opt/(?:wheels|pypi)"
)
PROMISES = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def _text(path):
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _lines(pattern):
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if not VENDORED.search(path.as_posix()) and path.as_posix() != HERE
        for number, line in enumerate(_text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_or_folder_has_a_name_that_says_nothing():
    named = [p for p in python_files() if {p.stem, *p.parts[:-1]} & EMPTY_NAMES]
    assert not named, "name what it does: " + ", ".join(map(str, named))


def test_no_file_names_a_path_on_somebodys_machine():
    assert not _lines(MACHINES), "\n".join(_lines(MACHINES))


def test_nothing_is_left_to_do_in_the_code():
    assert not _lines(PROMISES), "\n".join(_lines(PROMISES))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_a_newcomer_finds_the_usual_papers(name):
    assert len(_text(name)) > 200


def test_the_licence_is_the_one_that_is_declared():
    assert _text("LICENSE").startswith("MIT License")
    assert 'license = "MIT"' in _text("pyproject.toml")
