"""Entries, their place in the log, and the seals over them."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from concordat.kernel.lifecycle import Visibility


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries are read; only `append` makes them, and nothing changes them."""

    def of(self, subject: models.Model) -> EntryQuerySet:
        """The entries about one subject, oldest first."""
        kind = getattr(subject, "KIND", "")
        return self.filter(kind=kind, subject_id=subject.pk).order_by("id")

    def public(self) -> EntryQuerySet:
        """Entries whose body anyone may read."""
        return self.filter(visibility=Visibility.PUBLIC)

    def update(self, **kwargs: Any) -> NoReturn:
        """Entries are never changed."""
        raise TypeError("the audit log is append-only")

    def delete(self) -> NoReturn:
        """Entries are never deleted."""
        raise TypeError("the audit log is append-only")


class Entry(models.Model):
    """One deed. `body` is what is committed; `private` holds names, notes and closed fields.

    `body["private"]` is the digest of the private part under its own salt, so that the body of a
    public entry can be shown while the private part stays closed, and can be erased under the law
    while every proof stands.
    """

    name = models.CharField(max_length=64, db_index=True, help_text="noun:verb")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=255)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, help_text="The body the actor works for")
    owner_id = models.BigIntegerField(null=True, db_index=True)
    visibility = models.PositiveSmallIntegerField()
    body = models.JSONField()
    private = models.JSONField()
    salt = models.BinaryField(max_length=32)
    private_salt = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "subject_id", "id"], name="entry_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.reference}"

    @property
    def actor_name(self) -> str:
        """The name of whoever did it, or what stands in its place once erased."""
        return str(self.private.get("actor", "Somebody"))

    @property
    def note(self) -> str:
        """What the actor wrote beside the deed."""
        return str(self.private.get("note", ""))

    @property
    def changes(self) -> dict[str, list[Any]]:
        """Field → [before, after]."""
        return dict(self.private.get("changes", {}))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Entries are never deleted."""
        raise TypeError("the audit log is append-only")


class Pending(models.Model):
    """An entry that has no place in the log yet; made with it, in its transaction."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return f"pending {self.pk}"


class Leaf(models.Model):
    """The place of an entry in the log: gap-free, given after its transaction has committed.

    Row ids are given before a commit, so a late transaction can appear *below* one that was already
    read. Places are given afterwards, by one writer at a time, so a follower that remembers the
    last place it read never skips anything.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    commitment = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"leaf {self.position}"


class Tile(models.Model):
    """The root of a complete subtree of 2**level leaves, kept so that proofs stay cheap."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Seal(models.Model):
    """The Merkle root over every leaf up to `size`, naming the seal before it."""

    number = models.PositiveIntegerField(primary_key=True)
    date = models.DateField(db_index=True)
    at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"seal {self.number}"


class Follower(models.Model):
    """How far a follower of the log (notices, webhooks, …) has read.

    The last four fields belong to followers that speak to others outside; see `audit.lease`.
    """

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=-1)
    at = models.DateTimeField(auto_now=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, help_text="After a failure: not before this")
    leased_until = models.DateTimeField(null=True, help_text="Until then one process has it")
    failing_since = models.DateTimeField(null=True, help_text="The first failure in a row")
    succeeded_at = models.DateTimeField(null=True, help_text="When it last told something")

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
