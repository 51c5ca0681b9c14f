"""Keeping what people send, and letting it go when it has served."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.files.check import check, check_promise
from concordat.kernel.files.models import LIFE, UPLOAD, Upload
from concordat.kernel.files.packed import PIECE, BadFile
from concordat.kernel.files.policy import Can
from concordat.kernel.files.queries import arrived
from concordat.kernel.files.store import store
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Conflict, Invalid, NotAllowed, Refusal, TooLarge, WrongState

RESUMED: Final = 8 * PIECE  # what is held in memory of an upload that comes piece by piece
MOST_PIECES: Final = 10_000


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
    upload = Upload(owner=owner, name=_called(name), meant_for=meant_for)
    if not may(actor, Can.UPLOAD_KEEP, upload):
        raise NotAllowed
    with _spool() as file:
        try:
            upload.size, upload.digest = _write(pieces, file, settings.ENV.max_upload_mb * PIECE)
            upload.kind = check(Path(file.name), upload.name, allowed)
        except BadFile as error:
            raise Invalid({"file": [str(error)]}) from error
        store().put(upload.path, Path(file.name))
    return act(actor, UPLOAD["keep"], upload)


def _called(name: str) -> str:
    return PurePath(name).name[-255:] or "file"


def _spool() -> Any:
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=folder, prefix="upload-")


def _write(pieces: Iterable[bytes], file: Any, most: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise BadFile(f"The file is larger than {most // PIECE:,} MB. Send it in parts.")
        digest.update(piece)
        file.write(piece)
    file.flush()
    return size, digest.hexdigest()


def begin_upload(
    actor: Actor,
    owner: Organisation,
    name: str,
    size: int,
    allowed: Iterable[str],
    *,
    meant_for: str = "",
    told: str = "",
) -> Upload:
    """Expect a file of `size` bytes, which the actor and nobody else sends piece by piece.

    `told` is given back to its sender as it came. Raises NotAllowed, TooLarge, and Invalid (field
    `file`) where name or size say already that it would not be taken.
    """
    most = settings.ENV.max_resumable_mb
    if size > most * PIECE:
        raise TooLarge(f"The file is larger than {most:,} MB.", "Send it in parts.")
    try:
        check_promise(name, size, allowed)
    except BadFile as error:
        raise Invalid({"file": [str(error)]}) from error
    upload = Upload(owner=owner, name=_called(name), size=size, meant_for=meant_for)
    upload.sender, upload.told = actor.key, told
    return act(actor, UPLOAD["begin"], upload)


def continue_upload(
    actor: Actor, upload: Upload, start: int, content: Iterable[bytes], allowed: Iterable[str]
) -> int:
    """Add the bytes from `start` on to an unfinished upload; returns how many there are now.

    A piece is in the store before more is read, so that what came before a cut stays, and is
    created there or not at all: of two that write from the same place one is refused. With its last
    piece, which is never stored alone, the file is checked like any other and kept.

    Raises NotVisible for somebody else's, NotAllowed, Conflict where `start` is not the end of what
    is there, TooLarge for more than was announced, and Invalid (field `file`) for a whole file that
    is not what it should be, which then is discarded.
    """
    if not may(actor, UPLOAD["finish"].needs, upload):
        raise NotAllowed
    if upload.status != "unfinished":
        raise WrongState("The file is all there already.")
    if start != arrived(actor, upload):
        raise _overtaken()
    if sum(1 for _ in store().list(f"{upload.pieces}/")) > MOST_PIECES:
        raise TooLarge("It comes in too many pieces.", "Begin again with larger ones.")
    for piece in _gathered(content, upload.size - start):
        if start + len(piece) == upload.size:
            return _finish(actor, upload, piece, allowed).size
        if not store().create(f"{upload.pieces}/{start:015d}", piece):
            raise _overtaken()
        start += len(piece)
    return start


def _overtaken() -> Conflict:
    return Conflict("The upload does not end there.", "Ask where it ends and go on from there.")


def _gathered(content: Iterable[bytes], left: int) -> Iterator[bytes]:
    """Bytes in the pieces that they are stored in."""
    held = bytearray()
    for some in content:
        left -= len(some)
        if left < 0:
            raise TooLarge("More bytes came than the upload was said to have.", "Begin again.")
        held += some
        while len(held) >= RESUMED:
            yield bytes(held[:RESUMED])
            del held[:RESUMED]
    if held:
        yield bytes(held)


def _finish(actor: Actor, upload: Upload, last: bytes, allowed: Iterable[str]) -> Upload:
    """The pieces as one file, checked and kept."""
    before = sorted(path for path, _ in store().list(f"{upload.pieces}/"))
    with _spool() as file:
        try:
            pieces = chain.from_iterable(store().read(path) for path in before)
            size, digest = _write(chain(pieces, [last]), file, upload.size)
            kind = check(Path(file.name), upload.name, allowed)
        except BadFile as error:
            discard_upload(actor, upload)
            raise Invalid({"file": [str(error)]}) from error
        if size != upload.size:
            raise _overtaken()
        store().put(f"uploads/{digest}", Path(file.name))
    try:
        kept = act(actor, UPLOAD["finish"], upload, {"digest": digest, "kind": kind})
    except Refusal:
        _remove_content(digest)
        raise
    _remove_pieces(upload)
    return kept


def _remove_pieces(upload: Upload) -> None:
    for path, _ in list(store().list(f"{upload.pieces}/")):
        store().remove(path)


def _remove_content(digest: str) -> None:
    if not Upload.objects.filter(digest=digest, status="kept").exists():
        store().remove(f"uploads/{digest}")


def discard_upload(actor: Actor, upload: Upload) -> Upload:
    """Let the content go once nothing else needs it; the log keeps that it was there."""
    with transaction.atomic():
        after = act(actor, UPLOAD["discard"], upload)
        if after.digest:
            _remove_content(after.digest)
        else:
            _remove_pieces(after)
    return after


def discard_old_uploads(actor: Actor, now: datetime | None = None) -> int:
    """Let go what nobody used or finished within a week, and stray pieces; returns how many."""
    limit = (now or timezone.now()) - LIFE
    idle = Q(status="kept", modified_at__lt=limit) | Q(status="unfinished", created_at__lt=limit)
    old = Upload.objects.visible_to(actor).filter(idle)
    count = len([discard_upload(actor, upload) for upload in old])
    # Left by a crash, or by a piece that was on its way when its upload was ended. Listed first, so
    # that one begun meanwhile is none of them.
    held = [path for path, _ in store().list("pieces/")]
    going = {upload.pieces for upload in Upload.objects.filter(status="unfinished")}
    for path in held:
        if path.rpartition("/")[0] not in going:
            store().remove(path)
    return count
