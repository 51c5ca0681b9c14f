"""The lock names public hosts only, waits a fortnight, and is what the exports say."""

from __future__ import annotations

import re
import tomllib
from urllib.parse import urlsplit

import pytest

from tests.house.tree import ROOT

pytestmark = pytest.mark.once

HOSTS = {"pypi.org", "files.pythonhosted.org"}
FORBIDDEN = {
    "govuk-frontend-django": "can show one person's page to another under threads",
    "django-fsm": "is under the AGPL since version 3",
    "django-viewflow": "is under the AGPL",
    "celery": "wants a broker that a single machine does not have",
}
EXPORTS = [
    "requirements.txt",
    "requirements-demo.txt",
    "requirements-dev.txt",
    "requirements-spark.txt",
]


@pytest.fixture(scope="module")
def lock():
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def _export(name):
    """{(package, version): {sha256}} of one exported file."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if pinned := re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", line):
            found[pinned.groups()] = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def test_the_lock_names_no_host_but_pypis():
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    named = {urlsplit(address).hostname for address in re.findall(r'"(\w+://[^"]+)"', text)}
    assert named <= HOSTS, "run `make lock`, which forgets the mirrors of this machine"


def test_every_release_waited_a_fortnight_before_it_was_locked(lock):
    assert lock["options"]["exclude-newer-span"] == "P14D"


@pytest.mark.parametrize("name", EXPORTS)
def test_an_exported_file_holds_hashes_and_no_hosts(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert all(_export(name).values())


@pytest.mark.parametrize("name", EXPORTS)
def test_an_exported_file_agrees_with_the_lock(name, lock):
    locked = {}
    for package in lock["package"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        hashes = {file["hash"].removeprefix("sha256:") for file in files}
        locked[package["name"], package.get("version")] = hashes
    assert _export(name).items() <= locked.items(), "run `make lock`"


def test_the_exported_files_hold_all_that_is_locked(lock):
    exported = {package for name in EXPORTS for package, _ in _export(name)}
    assert {package["name"] for package in lock["package"]} - exported == {"concordat"}


def test_nothing_is_locked_that_was_refused(lock):
    locked = {package["name"] for package in lock["package"]}
    dreaded = {name: why for name, why in FORBIDDEN.items() if name in locked}
    assert not dreaded
