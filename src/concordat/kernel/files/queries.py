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
