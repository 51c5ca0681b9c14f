"""kill -9 while a webhook is being told: the next worker goes on, and nothing is lost or reordered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.once

MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import draft_client
from concordat.kernel.webhooks.actions import draft_webhook, ping_webhook
from tests.cast import make_body
_, client = draft_client(SYSTEM, make_body("treasury", "HM Treasury"), "machine", ["read"])
_, hook = draft_webhook(SYSTEM, client, {url!r})
for _ in range(4):
    ping_webhook(SYSTEM, hook)
"""
WORK = """
import django; django.setup()
from concordat.kernel.webhooks import deliver
from concordat.site.worker import Worker
deliver.LEASE = 1.0
Worker().run()
"""


class Receiver(ThreadingHTTPServer):
    """Keeps the (number, version) of each message; `kill` is called when the second one is here."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken, self.kill, self.enough = [], None, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *given):
        """A sender that was killed is what this is about."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.headers["webhook-id"], body["data"]["version"]))
        if len(self.server.taken) == 2 and self.server.kill:
            self.server.kill()  # it was told, and cannot know that it was
        if body["data"]["version"] == 5:
            self.server.enough.set()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *given):
        """Be quiet."""


def test_a_worker_killed_between_telling_and_noting_tells_again_and_loses_nothing(tmp_path):
    receiver = Receiver()
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    environment = {k: v for k, v in os.environ.items() if k != "CONCORDAT_DATABASE_URL"}
    environment |= {
        "CONCORDAT_DATA_DIR": str(tmp_path),
        "CONCORDAT_WEBHOOK_PRIVATE_NETWORKS": "1",
        "DJANGO_SETTINGS_MODULE": "concordat.site.settings",
    }
    subprocess.run([sys.executable, "-c", MAKE.format(url=url)], env=environment, check=True)
    command = [sys.executable, "-c", WORK]
    first = subprocess.Popen(command, env=environment)
    receiver.kill = first.kill
    assert first.wait(timeout=30) == -9
    second = subprocess.Popen(command, env=environment)
    try:
        assert receiver.enough.wait(timeout=30)
    finally:
        second.kill()
        second.wait(timeout=10)
        receiver.shutdown()
        receiver.server_close()
    versions = [version for _, version in receiver.taken]
    assert versions == [2, 3, 3, 4, 5]
    assert receiver.taken[1] == receiver.taken[2]  # the same number: the receiver can drop it
