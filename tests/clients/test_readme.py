"""Every command in the README is run here, so that none of them can go stale."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import httpx2
import pytest

from concordat.site.environment import Environment
from tests.site import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line.split(" #")[0].strip() for block in BLOCKS for line in block.splitlines()]
IN_WORDS = set(re.findall(r"`((?:[A-Z]+=\S+ )?(?:make|python3|concordat) [^`]+)`", README))

# Where each is run. What a test cannot do to itself is said, with what stands for it.
RUN_HERE = {
    "make demo": "test_the_demonstration_plays_its_main_job",
    "ONCE=1 make demo": "test_the_demonstration_plays_its_main_job",
    "PORT=8001 make demo": "test_the_demonstration_plays_its_main_job",
    "python3 dev.py demo": "test_the_demonstration_plays_its_main_job",
    "python3 dev.py demo --scale 100k": "test_the_demonstration_plays_its_main_job, at 1k",
    ". .venv/bin/activate": "every test here runs inside it",
    "concordat demo credentials --json": "the fixture `site`",
    "concordat login --url http://127.0.0.1:8000": "test_the_command_line_signs_in",
    "concordat datasets list --json": "test_a_script_reads_and_checks",
    "concordat dataset get DS-7K2M-41": "test_a_script_reads_and_checks",
    'concordat sql "SELECT 1 AS one"': "test_the_command_line_signs_in",
    "concordat verify http://127.0.0.1:8000/audit": "test_a_script_reads_and_checks",
    "concordat serve --host 0.0.0.0 --port 8000": "the fixture `site`",
    "concordat serve": "the fixture `site`",
    "concordat erase NUMBER --why TEXT": "audit/tests/test_prove.py",
    "concordat backup FILE": "tests/faults/test_restore.py",
    "concordat restore FILE": "tests/faults/test_restore.py",
    "concordat harvest PATH --report report.csv": "test_the_loaders_run",
    "concordat search_rebuild": "test_the_loaders_run",
    "concordat organisations_load FILE": "administration/tests/test_load.py",
    'concordat administrator ada@cabinet-office.example --name "Ada Fairweather" '
    '--body cabinet-office --body-name "Cabinet Office"': "site/tests/test_invite.py",
    "make test": "this is it",
    "make check": "what runs before it in .ci/run",
    "make bench": "bench/ is imported by test_the_benchmarks_are_listed; it runs for minutes",
    "make demo-reset": "test_the_demonstration_plays_its_main_job",
}


def test_no_command_of_the_readme_is_left_out():
    told = {line for line in LINES if line and not line.startswith("export ")} | IN_WORDS
    assert told <= set(RUN_HERE), "run it in a test, and say here in which"
    assert set(RUN_HERE) <= told, "the README no longer has this"


def test_the_settings_of_the_readme_are_valid(monkeypatch):
    for line in LINES:
        if line.startswith("export "):
            for word in shlex.split(line)[1:]:
                name, _, value = word.partition("=")
                monkeypatch.setenv(name, value)
    assert Environment().database_url.startswith("postgresql://")


@pytest.mark.once
def test_the_demonstration_plays_its_main_job(tmp_path):
    """`ONCE=1 make demo`, in small, from an empty folder: each step is told and the log verifies."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CONCORDAT_")}
    environment |= {
        "CONCORDAT_DATA_DIR": str(tmp_path),
        "ONCE": "1",
        "PORT": str(free_port()),
    }
    done = _task(environment, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = ["publish", "find", "request", "review", "agree", "sign", "deliver", "absent"]
    steps += ["revoke", "refused", "register", "verify"]
    told = [line.split()[0] for line in done.stdout.splitlines() if line.endswith(" ms")]
    assert told == steps
    beside = tmp_path / "mine.txt"
    beside.write_text("kept")
    again = _task(environment, "demo-reset", "--scale", "1k", "--build-only")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "is gone" in again.stdout and beside.read_text() == "kept"
    assert "1,000 datasets in " in again.stdout


def _task(environment, *words):
    return subprocess.run(
        [sys.executable, "dev.py", *words, "--rows", "0.005"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture
def concordat(site, tmp_path):
    environment = {**site.environment, "XDG_CONFIG_HOME": str(tmp_path)}

    def start(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-u", "-m", "concordat", *words]
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # the code to enter is told beside the answer
            text=True,
        )

    return start


def test_the_command_line_signs_in(site, concordat):
    """`concordat login`: the code it shows is allowed on a page by somebody who has signed in."""
    waiting = concordat("login", "--url", site.url)
    code = re.search(r"enter (\S+)", waiting.stdout.readline())[1]
    with httpx2.Client(base_url=site.url, follow_redirects=True) as browser:
        _send(browser, "/sign-in", person=site.people["analyst"]["sign_in"])
        _send(browser, "/inside/account/device", code=code, allow="on")
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert f"Signed in to {site.url}" in out
    listed, _ = concordat("share-requests", "list", "--json").communicate(timeout=60)
    assert json.loads(listed)["items"]
    asked, _ = concordat("sql", "SELECT 1 AS one").communicate(timeout=60)
    assert "one" in asked and "1" in asked


def _send(browser, address, **fields):
    page = browser.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    fields["csrfmiddlewaretoken"] = token
    answer = browser.post(address, data=fields, headers={"Referer": str(page.url)})
    assert answer.status_code == 200, answer.text


def test_a_script_reads_and_checks(site, concordat):
    waiting = concordat("login", "--url", site.url, "--token", site.people["steward"]["token"])
    waiting.communicate(timeout=60)
    out, _ = concordat("datasets", "list", "--json").communicate(timeout=60)
    reference = json.loads(out)["items"][0]["reference"]
    out, _ = concordat("dataset", "get", reference).communicate(timeout=60)
    assert reference in out
    check = concordat("verify", f"{site.url}/audit")
    out, _ = check.communicate(timeout=60)
    assert (check.returncode, "Verified" in out) == (0, True)


def test_the_loaders_run(site, tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text("title,description,url\nOne,First,https://example.gov.uk/one\n")
    report = tmp_path / "report.csv"
    site.run("harvest", str(feed), "--report", str(report), "--publisher", "hm-treasury")
    assert ",used," in report.read_text()
    assert "records are in the index" in site.run("search_rebuild").stdout
    with urllib.request.urlopen(f"{site.url}/search?q=data") as answer:
        assert answer.status == 200


def test_the_benchmarks_are_listed():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
