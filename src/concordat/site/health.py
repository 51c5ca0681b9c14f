"""Alive; able to serve; and the figures an operator watches."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterator
from functools import cache

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from concordat.kernel.audit.follow import end_of_log
from concordat.kernel.audit.models import Follower, Pending
from concordat.kernel.files.store import store
from concordat.kernel.jobs.models import Job
from concordat.kernel.search.follow import index

REQUESTS = Counter(
    "concordat_requests_total", "Requests answered", ["method", "status"], registry=None
)
SECONDS = Histogram(
    "concordat_request_seconds",
    "Seconds until the first byte",
    registry=None,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
log = structlog.get_logger()


class Backlog(Collector):
    """What waits, as the database and this host's index say when they are asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Three families from the database, one from the index."""
        last = end_of_log()
        behind = GaugeMetricFamily(
            "concordat_follower_behind", "Entries a follower has not read", labels=["follower"]
        )
        for name, position in Follower.objects.values_list("name", "position"):
            behind.add_metric([name], last - position)
        jobs = GaugeMetricFamily("concordat_jobs", "Jobs by status", labels=["status"])
        for status in ("queued", "running", "failed"):
            jobs.add_metric([status], Job.objects.filter(status=status).count())
        yield behind
        yield jobs
        yield GaugeMetricFamily(
            "concordat_entries_pending", "Entries without a place yet", Pending.objects.count()
        )
        yield GaugeMetricFamily(
            "concordat_index_behind",
            "Entries this host's search index has not read",
            last - index().cursor,
        )


def measure(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count and time every request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        SECONDS.observe(time.perf_counter() - start)
        REQUESTS.labels(request.method, response.status_code).inc()
        return response

    return middleware


def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the process can serve: 503 when the database does not answer or lacks a migration.

    Without its index or the store a host still serves most pages, so those are only told.
    """
    try:
        applied = MigrationRecorder(connection).applied_migrations()
        told = {"database": "ok", "migrations": "ok", "index": _index_state()}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "does not answer"}, status=503)
    if missing := _migrations().difference(applied):
        told["migrations"] = f"{len(missing)} to run: concordat migrate"
    ready = not missing
    return JsonResponse(
        {"ready": ready, **told, "store": _store_state()}, status=200 if ready else 503
    )


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Every migration that this version of the code comes with."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _index_state() -> str:
    cursor = index().read_cursor()
    if cursor is None:
        return "missing"
    behind = end_of_log() - cursor.position
    return f"{behind} entries behind" if behind else "ok"


def _store_state() -> str:
    try:
        next(store().list("files/ready"), None)
    except Exception:
        log.exception("the store does not answer")
        return "does not answer"
    return "ok"


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for this machine or for whoever holds the token."""
    if not _may_read(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    registry.register(Backlog())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # set by `serve`: the sum of all web workers
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")


def _may_read(request: HttpRequest) -> bool:
    token = settings.ENV.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return (
        request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not settings.ENV.trusted_proxies
    )
