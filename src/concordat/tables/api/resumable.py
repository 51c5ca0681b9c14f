"""Files for a table sent piece by piece, by the tus protocol 1.0.0 (https://tus.io).

Core, creation, termination, expiration and checksum. A finished file is one that waits to be loaded,
under the same number. The same views answer programs under `/api/v1` and the page's own script.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.errors import answer, problem, refused
from concordat.kernel.files.models import Upload
from concordat.kernel.files.packed import PIECE
from concordat.kernel.refusals import Conflict, NotSignedIn, Refusal, TooLarge
from concordat.tables import actions, queries
from concordat.tables.store import lake

VERSION: Final = "1.0.0"
_EXTENSIONS: Final = "creation,termination,expiration,checksum"
_ALGORITHMS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_BODY: Final = "application/offset+octet-stream"
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_TOLD: Final = re.compile(r"[ -~]{0,2000}")
_LONGEST: Final = 300.0  # seconds that one request may keep a thread; what came by then stays
View = Callable[..., HttpResponse]


class _Unreadable(Exception):
    """A request that does not follow the protocol: the status and why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def _spoken(**methods: View) -> View:
    """A view of the protocol: the method may be named in a header, and every answer says the version."""

    def view(request: ActorRequest, **names: Any) -> HttpResponse:
        try:
            response = _answered(request, methods, names)
        except _Unreadable as wrong:
            mend = "See https://tus.io/protocols/resumable-upload for what the protocol asks for."
            response = problem(
                request, wrong.status, "tus", "Not as the protocol has it", wrong.detail, mend
            )
        except Refusal as refusal:
            response = refused(request, refusal)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        if response.status_code == 412:
            response["Tus-Version"] = VERSION
        return response

    return view


def _answered(
    request: ActorRequest, methods: dict[str, View], names: dict[str, Any]
) -> HttpResponse:
    method = str(request.method)
    if method == "OPTIONS":
        return _offer()
    if not request.actor.signed_in:
        raise NotSignedIn
    if method == "POST":  # alone: the others that a browser sends unasked are not checked as it is
        method = request.headers.get("X-HTTP-Method-Override", method)
    if method not in methods:
        response = answer(request, 405, f"{method[:20]} is not done here.")
        response["Allow"] = ", ".join([*methods, "OPTIONS"])
        return response
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _Unreadable(412, f"Send the header Tus-Resumable: {VERSION}.")
    return methods[method](request, **names)


def _offer() -> HttpResponse:
    """What this server can do: told to anyone."""
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": _EXTENSIONS,
            "Tus-Max-Size": str(settings.ENV.max_resumable_mb * PIECE),
            "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
        },
    )


def _create(request: ActorRequest, reference: str) -> HttpResponse:
    table = queries.table(request.actor, reference)
    size, told = _number(request, "Upload-Length"), request.headers.get("Upload-Metadata", "")
    made = actions.begin_file(request.actor, table, _filename(told), size, told)
    response = HttpResponse(status=201)
    response["Location"] = f"{request.path}/{made.pk}"
    return _expiring(response, made)


def _filename(told: str) -> str:
    """What the metadata calls the file."""
    if not _TOLD.fullmatch(told):
        raise _Unreadable(400, "Upload-Metadata is no list of keys with values in base64.")
    pairs: dict[str, str] = {}
    for pair in told.split(",") if told else ():
        key, _, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise _Unreadable(400, f"The value of {key} is not base64 of UTF-8.") from error
        if not key or key in pairs:
            raise _Unreadable(400, "Each key of Upload-Metadata has a name and comes once.")
        pairs[key] = text
    if name := pairs.get("filename") or pairs.get("name"):
        return name
    raise _Unreadable(400, "Say in Upload-Metadata what the file is called: `filename` in base64.")


def _number(request: ActorRequest, name: str) -> int:
    """A header that is a whole number."""
    told = request.headers.get(name, "")
    if not _NUMBER.fullmatch(told):
        raise _Unreadable(400, f"Send {name}: a whole number of bytes.")
    return int(told)


def _expiring(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _found(request: ActorRequest, reference: str, number: int) -> Upload:
    """The upload, of the actor's own. Raises NotVisible; 410 for one that is gone."""
    table = queries.table(request.actor, reference)
    upload = queries.sent_file(request.actor, table, min(number, 2**31))
    if upload.status == "discarded" or upload.expires_at < timezone.now():
        raise _Unreadable(410, "This upload was ended, refused, loaded or has expired.")
    return upload


def _head(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    upload = _found(request, reference, number)
    response = HttpResponse()
    response["Upload-Offset"] = str(queries.arrived(request.actor, upload))
    response["Upload-Length"] = str(upload.size)
    if upload.told:
        response["Upload-Metadata"] = upload.told
    return _expiring(response, upload)


def _patch(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    actor, upload = request.actor, _found(request, reference, number)
    if request.content_type != _BODY:
        raise _Unreadable(415, f"The body is to be of the type {_BODY}.")
    start = _number(request, "Upload-Offset")
    if start != queries.arrived(actor, upload):
        raise Conflict("The upload does not end there.", "Ask for its offset and go on from there.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if start + int(length or 0) > upload.size:
        raise TooLarge("That is more than the upload was said to have.", "Begin a new one.")
    response = HttpResponse(status=204)
    if start < upload.size:
        table = queries.table(actor, reference)
        content = _checked(request, _content(request, bool(length)))
        start = actions.continue_file(actor, table, upload, start, content)
        upload.refresh_from_db()
    response["Upload-Offset"] = str(start)
    return _expiring(response, upload)


def _content(request: HttpRequest, told: bool) -> Iterator[bytes]:
    """The body as it comes, to its end or to where it was cut off; never held as a whole."""
    source: Any = request if told else request.META["wsgi.input"]  # one sent in chunks
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        try:
            some = source.read(PIECE)
        except OSError:  # as Django says that the client has gone
            return
        if not some:
            return
        yield some


def _checked(request: ActorRequest, content: Iterator[bytes]) -> Iterator[bytes]:
    """The body, where it comes with a sum none of it before all was compared."""
    told = request.headers.get("Upload-Checksum")
    if told is None:
        yield from content
        return
    name, _, wanted = told.partition(" ")
    if name not in _ALGORITHMS:
        raise _Unreadable(400, f"Upload-Checksum takes {', '.join(_ALGORITHMS)}.")
    digest = _ALGORITHMS[name]()
    with tempfile.TemporaryFile(dir=lake().work) as file:
        for some in content:
            digest.update(some)
            file.write(some)
        if base64.b64encode(digest.digest()).decode() != wanted.strip():
            raise _Unreadable(460, "The bytes that came are not those of Upload-Checksum.")
        file.seek(0)
        while some := file.read(PIECE):
            yield some


def _delete(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    actions.drop_file(request.actor, _found(request, reference, number))
    return HttpResponse(status=204)


def uploads(request: ActorRequest, reference: str) -> HttpResponse:
    """POST begins an upload: `Upload-Length`, and `Upload-Metadata` with the `filename`."""
    return _spoken(POST=_create)(request, reference=reference)


def upload(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """HEAD says how far it is, PATCH goes on from there, DELETE ends it."""
    spoken = _spoken(HEAD=_head, PATCH=_patch, DELETE=_delete)
    return spoken(request, reference=reference, number=number)
