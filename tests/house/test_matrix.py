"""Route × cast × record: who is answered what, and that no answer names what it may not.

Every address is made from the URL patterns, so that a new route is asked about too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import PUBLIC
from concordat.kernel.audit.models import Entry
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.models import record_kinds
from tests.house.routes import NAME, Route, routes
from tests.house.world import World, actor_of, build, is_open, may_read
from tests.script import Script, script

# Everybody whose knowledge differs: nobody, no role, each side, another body, a partner, the platform.
READERS = ("public", "noor", "olive", "eve", "asha", "erin", "priya", "pat")
OUTSIDERS = ("allauth", "django.views", "ninja.openapi", "concordat.demo", "concordat.site.health")
# What the JSON API tells anyone; the matrix holds it to what is public.
OPEN_API = re.compile(
    r"api/v1/(datasets|data-services|distributions|evaluations|reports|organisations|links)(/<\w+>)?"
    r"|api/v1/evaluations/<\w+>/(versions|promises|clock)"
    r"|api/v1/(questions|question-links|recommendations)(/<\w+>)?"
    r"|api/v1/(assessments|findings|exemptions|escalations)(/<\w+>)?|api/v1/calculators/[a-z-]+"
    r"|api/v1/(pooled-findings|evidence-map|tracker)"
    r"|api/v1/(projects(/<\w+>)?|coverage(/<\w+>){0,2})"
    r"|api/v1/(register|search|permissions|roles|audit/\w+)"
)
# What else answers nobody in particular, and how.
OPEN = {
    "oauth/token": 405,
    "oauth/device": 405,
    "sharing/file": 403,  # an address without its signature
    "sharing/shares/<str:share>/schemas/<str:schema>/tables/<str:table>/query": 405,
    "sign-out": 200,  # asks first, so that no other page can do it
}
# Statements a GET may make beside a SELECT: sessions, and the log of reads that are deeds.
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")
KEPT = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(django_session|usersessions_usersession)"')
USED = re.compile(r'UPDATE "kernel_token" SET "used_at" = \S+ WHERE')
READ_AUDITS = ("data.csv", "data.jsonl", "data.arrow", "data.parquet", "/query", "/file", "/rows")
AUDIT = re.compile(r'(INSERT INTO|UPDATE) "(kernel_(entry|pending)|tables_shareread)"')


@pytest.fixture
def world(cast, tmp_path) -> World:
    return build(cast, tmp_path)


def readable() -> list[Route]:
    """Every route of ours that can be read."""
    return [r for r in routes() if "GET" in r.methods and not r.module.startswith(OUTSIDERS)]


def kind_of(text: str) -> str:
    """The kind of record whose reference an address holds; "" for any, None for none."""
    if "share>" in text:
        return "share"
    before = re.search(r"([\w-]+)/<(?:str:)?reference>", text)
    kind = before[1].removesuffix("s").replace("-", "_") if before else "none"
    return kind if kind in record_kinds() else ("" if before else "none")


def addresses(world: World, route: Route) -> Iterator[tuple[str, Any]]:
    """Each address of a route, with the record it names or None."""
    kind = kind_of(route.text)
    if kind == "none":
        base = route.filled(**facts(None))
        yield base, None
        if not NAME.search(route.text) and not base.startswith(("/api", "/oauth", "/sharing")):
            yield f"{base}?download=csv", None
            yield f"{base}?download=json", None
        if base.endswith("/search"):
            yield f"{base}?q=zebra", None
            yield f"{base}?q=zebra&download=csv", None
        return
    deeper = not route.text.endswith("reference>")
    for record in world.of(kind) if kind else world.records:
        if not deeper or record.visibility in (Visibility.OWNER, Visibility.GOVERNMENT):
            yield route.filled(**facts(record)), record


def facts(record: Any) -> dict[str, Any]:
    """A value for each name that an address may hold."""
    verbs = [t.verb for t in record.LIFECYCLE.transitions if not t.makes] if record else ["close"]
    told = {"pk": 1, "id": 1, "slug": "treasury", "step": "purpose", "number": 1}
    told |= {"verb": verbs[0].replace("_", "-"), "date": timezone.now().date().isoformat()}
    told |= {"entry": Entry.objects.order_by("id").last().pk, "first": 0, "second": 0}
    told |= {"name": "outcomes", "item_id": "returns", "scale": "maryland", "year": 2021}
    told |= {"topic": "money"}
    told |= {"schema": "default", "table": "junior_posts", "share": "none", "reference": "none"}
    if record is not None:
        told["reference"] = record.reference
        told["share"] = getattr(record, "basis", "").lower()
        if record.KIND == "evaluation":
            told |= {"step": "what", "name": "outcomes", "item_id": "returns"}
            told["pk"] = getattr(record.findings.first(), "pk", 1)
        if record.KIND == "dataset":
            told["pk"] = getattr(record.distributions.first(), "pk", 1)
    return told


class Reader:
    """Somebody with a browser and a token."""

    def __init__(self, cast, who):
        self.who, self.actor, self.browser = who, actor_of(cast, who), Client()
        self.script = Script() if who == "public" else script(self.actor)
        if who != "public":
            self.browser.force_login(cast.people[who])

    def get(self, address: str) -> tuple[int, str]:
        if address.startswith("/api/v1"):
            answer = self.script.get(address.removeprefix("/api/v1"))
        elif address.startswith("/sharing"):
            headers = {"Authorization": f"Bearer {self.script.token}"} if self.script.token else {}
            answer = self.browser.get(address, headers=headers)
        else:
            answer = self.browser.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, body.decode("utf-8", "replace")


def expected(reader: Reader, route: Route, record: Any) -> set[int]:
    """What the oracle answers a reader who asks for a record's own page."""
    public = is_open(record)
    if route.text.startswith("audit/"):
        return {200, 404} if public else {404}
    if route.public:
        return {200} if public else {404}
    if reader.who == "public" and not OPEN_API.fullmatch(route.text):
        return {401} if route.text.startswith("api/") else {302}
    return {200} if may_read(reader.actor, record) else {404}


def wrong(reader: Reader, route: Route, record: Any, status: int) -> bool:
    """Whether an answer's status is another than the oracle's."""
    if status >= 500:
        return True
    closed = not route.public and not OPEN_API.fullmatch(route.text)
    if reader.who == "public" and closed and status not in (302, 401, 404):
        return OPEN.get(route.text) != status
    if record is None:
        return False
    if route.text.endswith("reference>"):
        return status not in expected(reader, route, record)
    return not may_read(reader.actor, record) and status not in (302, 401, 404, 405)


class Watch:
    """Refuses, after the fact, whatever a GET did to the database beside reading."""

    def __init__(self):
        self.address, self.wrote = "", set()

    def __call__(self, execute, sql, params, many, context):
        plain = sql.lstrip().startswith(("SELECT", "EXPLAIN", *SAVEPOINTS)) or KEPT.match(sql)
        plain = plain or USED.match(sql)
        audit = AUDIT.match(sql) and any(name in self.address for name in READ_AUDITS)
        if not plain and not audit:
            self.wrote.add(f"{self.address}: {sql[:80]}")
        return execute(sql, params, many, context)


def visit(world: World, reader: Reader, watch: Watch) -> list[str]:
    """Every address as one reader: what was answered wrongly or told what it should not."""
    faults = []
    inside, outside = world.unknown_to(reader.actor), world.unknown_to(PUBLIC)
    for route in readable():
        for address, record in addresses(world, route):
            watch.address = address
            status, body = reader.get(address)
            if wrong(reader, route, record, status):
                faults.append(f"{reader.who} {address}: {status}")
            told = {word for word in (outside if route.public else inside) if word in body}
            if status < 300 and told:
                faults.append(f"{reader.who} {address} tells {sorted(told)}")
    return faults


def test_who_reads_what_is_what_the_oracle_says_and_nothing_else_is_told_or_written(cast, world):
    watch, faults = Watch(), []
    readers = [Reader(cast, who) for who in READERS]
    with connection.execute_wrapper(watch):
        for reader in readers:
            faults += visit(world, reader, watch)
    faults += sorted(f"writes: {what}" for what in watch.wrote)
    assert not faults, "\n".join(faults)


def test_what_is_hidden_is_not_counted(cast, world):
    """The figures the public is told are those of what the public may know."""
    public = [r for r in world.records if is_open(r)]
    shown = {kind: sum(kind == r.KIND for r in public) for kind in record_kinds()}
    api = Script()
    for plural, kind in (("datasets", "dataset"), ("data-services", "data_service")):
        assert len(api.get(f"/{plural}", limit=100).json()["items"]) == shown[kind]
    assert len(api.get("/register", limit=100).json()["items"]) == shown["agreement"]
    page = Client().get("/search").content.decode()
    for kind, count in shown.items():
        told = re.findall(rf">\s*{kind.replace('_', ' ').capitalize()} \(([\d,]+)\)", page)
        searched = record_kinds()[kind].SEARCHED and count
        assert told == ([str(count)] if searched else []), kind
    rows = json.loads(b"".join(Client().get("/search?download=json")))
    assert len(rows) == sum(n for kind, n in shown.items() if record_kinds()[kind].SEARCHED)
