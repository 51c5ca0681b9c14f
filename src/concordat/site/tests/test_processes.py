"""Nothing that `serve` started outlives it, and nothing that died takes the site down unsaid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from concordat.site import processes
from concordat.site.processes import Child

BOTH = """
import sys
from concordat.site.processes import Child, supervise
sys.exit(supervise(*[Child(str(n), command.split()) for n, command in enumerate(sys.argv[1:])]))
"""
# Listens before it minds signals, and starts one that never minds them: a server that is starting.
STUBBORN = """
import os, signal, socket, sys, time
held = socket.socket(); held.bind(("127.0.0.1", int(sys.argv[1]))); held.listen()
os.set_inheritable(held.fileno(), True)
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(60)
"""
MODULES = {
    "stubborn": STUBBORN,
    "fine": "import time; time.sleep(60)",
    "deaf": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
    "brief": "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)",
    "well": "",
}


@pytest.fixture
def start(tmp_path, monkeypatch):
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    begun = []

    def start(*commands):
        begun.append(subprocess.Popen([sys.executable, "-c", BOTH, *commands]))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_port_is_free_after_a_stop_whatever_the_server_was_doing(start, number):
    port = free_port()
    site = start(f"stubborn {port}", "fine")
    until(lambda: listens(port))
    site.send_signal(number)
    assert site.wait(timeout=30) == (-9 if number == signal.SIGKILL else 0)
    until(lambda: not listens(port), 5)


def test_the_site_stops_with_a_failure_when_its_web_server_ends(start):
    assert start("well", "fine").wait(timeout=30) == 1


def test_a_worker_that_dies_is_started_again_and_the_site_goes_on(start, tmp_path):
    mark = tmp_path / "mark"
    site = start("fine", f"brief {mark}")
    until(lambda: mark.exists() and len(mark.read_text()) > 1)
    assert site.poll() is None


@pytest.mark.usefixtures("start")
def test_a_process_that_does_not_stop_is_killed_and_reaped():
    child = Child("deaf", ["deaf"])
    child.start()
    time.sleep(0.5)
    child.ask_to_stop()
    child.end(0.3)
    assert child.ended() in (-signal.SIGKILL, -signal.SIGTERM)
    with pytest.raises(ProcessLookupError):
        os.killpg(child.process.pid, 0)


def test_it_waits_longer_before_each_new_start(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    child = Child("brief", ["x"])
    starts = []

    def start():
        starts.append(now[0])
        child._began, child._due = now[0], 0.0

    monkeypatch.setattr(child, "start", start)
    child._began = now[0]
    monkeypatch.setattr(child, "ended", lambda: 1)
    while len(starts) < 4:
        child.revive()
        now[0] += 0.5
    gaps = [b - a for a, b in zip([1000.0, *starts], starts, strict=False)]
    assert gaps == sorted(gaps) and gaps[-1] >= 8
