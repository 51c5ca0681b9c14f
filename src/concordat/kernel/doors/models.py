"""What the doors remember: answers already given to writes that may be sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Self

from django.db import models
from django.utils import timezone

KEPT_FOR: Final = timedelta(hours=48)


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    """Keys are kept for two days, then cleared away by the worker."""

    def stale(self) -> Self:
        """Keys that nobody will send again."""
        return self.filter(at__lt=timezone.now() - KEPT_FOR)


class IdempotencyKey(models.Model):
    """The answer to one write, found again by the key its client gave it."""

    actor = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"
