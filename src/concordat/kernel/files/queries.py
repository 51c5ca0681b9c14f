"""Reading what was sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from django.conf import settings

from concordat.kernel.access import Actor
from concordat.kernel.files.models import Upload
from concordat.kernel.files.store import store
from concordat.kernel.refusals import NotVisible


def upload(actor: Actor, pk: int) -> Upload:
    """One upload whose content is still kept. Raises NotVisible."""
    found = Upload.objects.visible_to(actor).filter(pk=pk, status="kept").first()
    if found is None:
        raise NotVisible
    return found


def unfinished(actor: Actor, pk: int) -> Upload:
    """An upload that the actor has begun, kept by now or not. Raises NotVisible."""
    found = Upload.objects.visible_to(actor).filter(pk=pk, sender=actor.key).first()
    if found is None:
        raise NotVisible
    return found


def arrived(actor: Actor, upload: Upload) -> int:
    """How many bytes of an upload have come: of an unfinished one the end of its last piece.

    Raises NotVisible for another's.
    """
    if upload.status == "kept":
        return upload.size
    unfinished(actor, upload.pk)
    return sum(size for _, size in store().list(f"{upload.pieces}/"))


@contextmanager
def opened(found: Upload) -> Iterator[Path]:
    """A local copy of an upload's content, for as long as it is needed."""
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    suffix = PurePath(found.name).suffix
    with tempfile.NamedTemporaryFile(dir=folder, prefix="upload-", suffix=suffix) as file:
        for piece in store().read(found.path):
            file.write(piece)
        file.flush()
        yield Path(file.name)
