"""kill -9 in the middle of things: nothing acknowledged is lost, and the log still verifies."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.faults.own_site import OwnSite
from tests.site import free_port, wait

pytestmark = pytest.mark.django_db(transaction=True)

WRITE = """
for number in range(100_000):
    slug = f"PREFIX-{number}"
    act(SYSTEM, ORGANISATION["draft"], Organisation(slug=slug, name=slug.title()))
    print(slug)
"""

AFTER = """
from concordat.kernel.audit.models import Entry, Leaf, Pending
from concordat.kernel.audit.sealing import seal, seal_lines, day_lines
from concordat.kernel.audit.archive import SEALS, day_file
from concordat.kernel.audit.models import Seal
from pathlib import Path
seal()
folder = Path(os.environ["CONCORDAT_DATA_DIR"]) / "public"
folder.mkdir(exist_ok=True)
(folder / SEALS).write_text("".join(seal_lines()))
for day in {str(d) for d in Seal.objects.values_list("date", flat=True)}:
    (folder / day_file(day)).parent.mkdir(exist_ok=True)
    (folder / day_file(day)).write_text("".join(day_lines(day)))
slugs = list(Organisation.objects.values_list("slug", flat=True))
told = sorted(Entry.objects.values_list("reference", flat=True))
print(json.dumps({"slugs": slugs, "entries": told, "pending": Pending.objects.count()}))
"""


@pytest.fixture
def own(tmp_path):
    made = OwnSite(tmp_path / "site")
    yield made
    made.close()


def written_until_killed(own, prefix, seconds):
    """The slugs that a writer acknowledged before it was killed."""
    process = own.start(WRITE.replace("PREFIX", prefix))
    told = [process.stdout.readline().strip()]
    time.sleep(seconds)
    process.kill()
    out, _ = process.communicate()
    # The last line may have been cut in the middle: it was not acknowledged.
    return told + [line for line in out.split("\n")[:-1] if line]


def test_every_write_that_was_acknowledged_is_there_with_its_entry_and_the_log_verifies(own):
    acknowledged = []
    for number in range(2):
        acknowledged += written_until_killed(own, f"run{number}", random.uniform(0.2, 0.6))
    after = own.ask(AFTER)
    assert len(acknowledged) > 3
    assert set(acknowledged) <= set(after["slugs"])
    assert sorted(after["slugs"]) == after["entries"], "a row without its entry, or the reverse"
    assert after["pending"] == 0
    done = subprocess.run(
        [sys.executable, "-m", "concordat", "verify", str(own.folder / "public")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


FIND = """
from concordat.kernel.search.follow import follow_index, index
from concordat.kernel.audit.log import sequence
from concordat.kernel.audit.models import Follower, Leaf
deadline = time.monotonic() + 30
last = Leaf.objects.order_by("-position").first()
while time.monotonic() < deadline:
    held = Follower.objects.filter(name="notices").values_list("position", flat=True).first()
    waiting = last.position - index().cursor
    if not waiting and held == last.position:
        break
    time.sleep(0.1)
print(json.dumps({"behind": waiting, "notices": held, "last": last.position}))
"""


def worker(own):
    return subprocess.Popen([sys.executable, "-m", "concordat", "worker"], env=own.environment)


def test_followers_catch_up_after_their_worker_was_killed(own):
    for number in range(2):
        running = worker(own)
        try:
            written_until_killed(own, f"worker{number}", 0.8)
        finally:
            running.kill()
            running.wait()
    own.ask("from concordat.kernel.audit.log import sequence\nwhile sequence(): pass\nprint(1)")
    running = worker(own)
    try:
        found = own.ask(FIND)
    finally:
        running.terminate()
        running.wait(timeout=20)
    assert found["behind"] == 0
    assert found["notices"] == found["last"]


READS = """
from concordat.kernel.audit.models import Entry
print("READS" + str(Entry.objects.filter(name="share:read_begun").count()))
"""


def reads_of(site):
    return int(site.run("shell", "-c", READS).stdout.partition("READS")[2])


def test_a_delivery_that_is_killed_has_its_read_in_the_log_and_can_be_made_again(site):
    """A second set of web workers over the same data is killed while a client reads from it."""
    analyst = {"Authorization": f"Bearer {site.people['analyst']['token']}"}
    readable = json.load(_open(f"{site.url}/sharing/shares", analyst))["items"]
    path = f"/api/v1/shares/{readable[0]['id']}/data.csv"
    before, port = reads_of(site), free_port()
    second = subprocess.Popen(
        [sys.executable, "-m", "concordat", "serve", "--port", str(port), "--no-migrate"],
        env={**site.environment, "CONCORDAT_INLINE_WORKER": "false"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait(f"http://127.0.0.1:{port}")
    answer = _open(f"http://127.0.0.1:{port}{path}", analyst)
    assert answer.read(1)
    os.killpg(second.pid, signal.SIGKILL)
    second.wait()
    assert reads_of(site) == before + 1
    whole = _open(f"{site.url}{path}", analyst).read()
    assert len(whole) > 100
    assert site.run("verify", f"{site.url}/audit", check=False).returncode == 0


def _open(url, headers):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30)
