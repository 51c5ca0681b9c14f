"""Alive; able to serve; and the figures an operator watches."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from concordat.kernel.audit.follow import end_of_log
from concordat.kernel.audit.models import Follower, Pending
from concordat.kernel.jobs.models import Job

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "concordat_requests_total", "Requests answered", ["method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "concordat_request_seconds",
    "Seconds until the first byte",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BEHIND = Gauge(
    "concordat_follower_behind", "Entries a follower has not read", ["follower"], registry=REGISTRY
)
PENDING = Gauge("concordat_entries_pending", "Entries without a place yet", registry=REGISTRY)
JOBS = Gauge("concordat_jobs", "Jobs by status", ["status"], registry=REGISTRY)


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
    """The process can serve: the database answers and its tables are there."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM kernel_organisation LIMIT 1")
            cursor.fetchall()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "does not answer"}, status=503)
    return JsonResponse({"ready": True, "database": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for this machine or for whoever holds the token."""
    if not _may_read(request):
        return HttpResponse(status=404)
    last = end_of_log()
    BEHIND.clear()  # a closed webhook follows no more
    for name, position in Follower.objects.values_list("name", "position"):
        BEHIND.labels(name).set(last - position)
    PENDING.set(Pending.objects.count())
    for status in ("queued", "running", "failed"):
        JOBS.labels(status).set(Job.objects.filter(status=status).count())
    return HttpResponse(generate_latest(REGISTRY), content_type="text/plain; version=0.0.4")


def _may_read(request: HttpRequest) -> bool:
    token = settings.ENV.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return (
        request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not settings.ENV.trusted_proxies
    )
