"""Keeping what people send, and letting it go when it has served."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.files.check import check
from concordat.kernel.files.models import UPLOAD, Upload
from concordat.kernel.files.packed import PIECE, BadFile
from concordat.kernel.files.policy import Can
from concordat.kernel.files.store import store
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid, NotAllowed


def keep_upload(
    actor: Actor,
    owner: Organisation,
    name: str,
    pieces: Iterable[bytes],
    allowed: Iterable[str],
    meant_for: str = "",
) -> Upload:
    """Check and keep a file for `owner`; `allowed` are kinds that `files.check` knows,
    `meant_for` the reference of the record that it is for.

    Memory stays flat. Raises NotAllowed before anything is read, and Invalid (field `file`) for a
    file that is too large or not what it should be; then nothing is kept.
    """
    upload = Upload(owner=owner, name=PurePath(name).name[-255:] or "file", meant_for=meant_for)
    if not may(actor, Can.UPLOAD_KEEP, upload):
        raise NotAllowed
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="upload-") as file:
        try:
            upload.size, upload.digest = _write(pieces, file)
            upload.kind = check(Path(file.name), upload.name, allowed)
        except BadFile as error:
            raise Invalid({"file": [str(error)]}) from error
        store().put(upload.path, Path(file.name))
    return act(actor, UPLOAD["keep"], upload)


def _write(pieces: Iterable[bytes], file: Any) -> tuple[int, str]:
    size, digest, most = 0, hashlib.sha256(), settings.ENV.max_upload_mb * PIECE
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise BadFile(f"The file is larger than {most // PIECE:,} MB. Send it in parts.")
        digest.update(piece)
        file.write(piece)
    file.flush()
    return size, digest.hexdigest()


def discard_upload(actor: Actor, upload: Upload) -> Upload:
    """Let the content go once nothing else needs it; the log keeps that it was there."""
    with transaction.atomic():
        after = act(actor, UPLOAD["discard"], upload)
        if not Upload.objects.filter(digest=upload.digest, status="kept").exists():
            store().remove(upload.path)
    return after


def discard_old_uploads(actor: Actor, now: datetime | None = None) -> int:
    """Let go what nobody used within a week; returns how many."""
    limit = (now or timezone.now()) - timedelta(days=7)
    old = Upload.objects.visible_to(actor).filter(status="kept", created_at__lt=limit)
    return len([discard_upload(actor, upload) for upload in old])
