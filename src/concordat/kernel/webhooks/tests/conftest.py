"""A receiver on this machine, and webhooks that may reach it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.administration.actions import draft_client
from concordat.kernel.audit.models import Follower
from concordat.kernel.deeds import act
from concordat.kernel.webhooks.actions import draft_webhook
from concordat.kernel.webhooks.deliver import deliver_next
from concordat.site.worker import catch_up


def verify(secret, headers, body):
    """The check a receiver makes, written from the specification and not from our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    right = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


class Receiver(ThreadingHTTPServer):
    """Keeps what it takes; `answers` are the statuses it gives first, then 204."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken, self.refused, self.answers, self.hangs = [], [], [], 0.0
        threading.Thread(target=self.serve_forever, daemon=True, args=(0.02,)).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    @property
    def told(self):
        return [json.loads(body)["type"] for _, body in self.taken]

    def handle_error(self, *given):
        """A sender that goes away is no news."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.hangs)
        status = self.server.answers.pop(0) if self.server.answers else 204
        (self.server.taken if status < 300 else self.server.refused).append((self.headers, body))
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *given):
        """Be quiet."""


@pytest.fixture(autouse=True)
def _inward(settings):
    settings.WEBHOOK_PRIVATE_NETWORKS = True


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.shutdown()
    made.server_close()


def client_of(cast, body, *roles):
    """An API client of a body, with roles there."""
    _, client = draft_client(SYSTEM, cast.bodies[body], f"{body} machine", ["read"])
    for role in roles:
        act(SYSTEM, GRANT["give"], Grant(owner=cast.bodies[body], client=client, role=role))
    return client


@pytest.fixture
def hook(cast, dataset, receiver):
    """Ada has the Treasury's own machine told, which sees what a steward there sees."""
    catch_up()
    client = client_of(cast, "treasury", "data_steward")
    secret, made = draft_webhook(cast.ada, client, receiver.url)
    made.secret = secret
    return made


def deliver():
    """Follow the log to its end, and tell all that can be told now."""
    catch_up()
    while deliver_next():
        pass


def wait_over(*hooks):
    """As if the time until the next try had passed."""
    for hook in hooks:
        Follower.objects.filter(name=hook.follower).update(due_at=timezone.now())
