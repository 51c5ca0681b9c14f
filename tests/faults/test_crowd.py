"""Many readers at once, and slow ones: each gets its rows, and nobody else is kept out."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.once
READERS = 50


@pytest.fixture
def biggest(site):
    """The address of the largest table that the analyst may read, and their headers."""
    headers = {"Authorization": f"Bearer {site.people['analyst']['token']}"}
    found = json.load(_open(f"{site.url}/sharing/shares", headers))["items"]
    sizes = {share["id"]: len(_open(_data(site, share["id"]), headers).read()) for share in found}
    return _data(site, max(sizes, key=sizes.get)), headers


def _data(site, reference):
    return f"{site.url}/api/v1/shares/{reference}/data.csv"


def _open(url, headers):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60)


def _patient(url, headers):
    """Read to the end; where all places are taken, come again as the answer says."""
    for _ in range(200):
        try:
            return hashlib.sha256(_open(url, headers).read()).hexdigest()
        except urllib.error.HTTPError as error:
            assert error.code == 429
            time.sleep(0.1)
    raise AssertionError("never let in")


def test_fifty_readers_at_once_all_get_the_same_whole_rows(biggest):
    url, headers = biggest
    once, got = _patient(url, headers), []
    readers = [
        threading.Thread(target=lambda: got.append(_patient(url, headers))) for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(timeout=120)
    assert got == [once] * READERS


def test_slow_readers_who_hold_all_places_keep_nobody_else_out(site, biggest):
    """They take the first bytes and no more; the site still answers, and their memory is bounded."""
    url, headers = biggest
    parts = urlsplit(url)
    ask = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    ask += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    slow = []
    try:
        for _ in range(READERS):
            held = socket.create_connection((parts.hostname, parts.port), timeout=30)
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            held.sendall(ask.encode())
            held.recv(16)
            slow.append(held)
        for path in ("/", "/api/v1/datasets", "/readyz"):
            assert _open(f"{site.url}{path}", {}).status == 200
        assert _peak(site) < 900
    finally:
        for held in slow:
            held.close()
    assert _patient(url, headers)


def _peak(site):
    """The most memory (MB) that a process of the site has held."""
    most = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            told = (folder / "status").read_text()
        except OSError:
            continue
        if f"CONCORDAT_DATA_DIR={site.folder}".encode() in environment and os.getpid() != int(
            folder.name
        ):
            peaks = [line.split()[1] for line in told.splitlines() if line.startswith("VmHWM")]
            most = max(most, *(int(peak) // 1024 for peak in peaks), 0)
    return most
