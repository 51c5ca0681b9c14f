"""The signed addresses of prepared files."""

from __future__ import annotations

from typing import Any, Final

from django.core import signing
from django.urls import reverse

from concordat.kernel.access import Actor
from concordat.tables.models import Share
from concordat.tables.plane.prepare import Part

SECONDS: Final = 3600  # how long a file address can be used, if its share lasts that long
_SALT: Final = "concordat.share.file"


def file_address(base: str, actor: Actor, token: int, share: Share, part: Part, read: str) -> str:
    """The signed address of one file: for this actor, this token, this share and this extract, so
    that a range of a file that lies there asks of the database only whether it may be read. It
    names the `read` that it was handed out by, of which it is a part.

    The parameter is named as a presigned address names it, or the client would take the delta
    form's path for one on its own disk.
    """
    place = (part.extract, part.number)
    facts = [actor.kind, actor.id, token, share.pk, share.policy_digest, *place, read]
    signed = signing.dumps(facts, salt=_SALT)
    return f"{base}{reverse('sharing-file')}?X-Amz-Signature={signed}"


def read_address(signature: str) -> list[Any]:
    """What `file_address` signed. Raises django.core.signing.BadSignature."""
    found: list[Any] = signing.loads(signature, salt=_SALT, max_age=SECONDS)
    return found
