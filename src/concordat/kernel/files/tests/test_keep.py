"""Keeping what people send: checked by content, named by hash, whole or not at all."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from concordat.kernel.access import SYSTEM
from concordat.kernel.files import queries
from concordat.kernel.files.actions import discard_old_uploads, discard_upload, keep_upload
from concordat.kernel.files.models import Upload
from concordat.kernel.files.store import store
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible

ANY = ("text", "Parquet", "gzip", "zip", "workbook")


def keep(cast, name, content, allowed=ANY):
    return keep_upload(cast.olive, cast.bodies["treasury"], name, [content], allowed)


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def workbook(**more):
    """A .zip with what tells a workbook by."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "", "xl/workbook.xml": "", **more}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_an_upload_is_kept_by_its_hash_and_read_back_as_it_came(cast):
    made = keep(cast, "../../posts.csv", b"a,b\n1,2\n")
    assert (made.name, made.kind, made.size) == ("posts.csv", "text", 8)
    with queries.opened(queries.upload(cast.olive, made.pk)) as path:
        assert path.read_bytes() == b"a,b\n1,2\n"


def test_the_same_content_is_stored_once_and_goes_with_its_last_upload(cast):
    first, second = keep(cast, "a.csv", b"x\n1\n"), keep(cast, "b.csv", b"x\n1\n")
    assert first.path == second.path
    discard_upload(SYSTEM, first)
    assert [path for path, _ in store().list("uploads")].count(second.path) == 1
    discard_upload(SYSTEM, second)
    assert second.path not in [path for path, _ in store().list("uploads")]


def test_another_body_does_not_know_of_an_upload(cast):
    made = keep(cast, "a.csv", b"x\n1\n")
    with pytest.raises(NotVisible):
        queries.upload(cast.erin, made.pk)


def test_somebody_without_the_role_is_refused_before_anything_is_read(cast):
    def pieces():
        raise AssertionError("read")
        yield b""

    with pytest.raises(NotAllowed):
        keep_upload(cast.noor, cast.bodies["treasury"], "a.csv", pieces(), ANY)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.exe", b"MZ\x90", "ends in “.exe” is not taken"),
        ("a", b"x\n", "ends in “” is not taken"),
        ("a.csv", b"MZ\x90\0", "holds a program"),
        ("a.csv", b"%PDF-1.7", "holds PDF"),
        ("a.csv", b"PAR1....PAR1", "holds Parquet"),
        ("a.csv", b"\x1f\x8b\x08", "holds gzip"),
        ("a.parquet", b"a,b\n", "holds text"),
        ("a.csv", b"a\0b", "something that is not text"),
        ("a.gz", gzip.compress(bytes(64 * 1024 * 1024), mtime=0), "unpacks to more than"),
        ("a.zip", zipped(a_csv=bytes(64 * 1024 * 1024)), "unpacks to more than"),
        ("a.zip", zipped(a_csv="x", b_csv="y"), "holds 2 files"),
        ("a.zip", zipped(a_zip="x"), "holds another archive"),
        ("a.gz", gzip.compress(b"x" * 5000, mtime=0)[:-20], "damaged"),
        ("a.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 40, "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "encrypted or of an old kind"),
        ("a.xlsx", zipped(a_csv="x"), "holds zip"),
        ("a.zip", workbook(), "holds workbook"),
        ("a.xlsx", workbook(**{"xl/vbaProject.bin": b"x"}), "has macros"),
        ("a.xlsx", workbook(x=bytes(64 * 1024 * 1024)), "unpacks to more than"),
    ],
    ids=range(20),
)
def test_what_is_not_what_it_should_be_is_refused_and_nothing_is_kept(cast, name, content, says):
    with pytest.raises(Invalid) as refusal:
        keep(cast, name, content)
    assert says in refusal.value.errors["file"][0]
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused_at_the_limit_and_not_at_its_end(cast, settings):
    settings.ENV = settings.ENV.model_copy(update={"max_upload_mb": 2})
    read = 0

    def pieces():
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 1_000_000

    with pytest.raises(Invalid) as refusal:
        keep_upload(cast.olive, cast.bodies["treasury"], "a.csv", pieces(), ANY)
    assert "larger than" in refusal.value.errors["file"][0]
    assert read == 3


def test_what_nobody_used_within_a_week_goes(cast):
    from datetime import timedelta

    from django.utils import timezone

    made = keep(cast, "a.csv", b"x\n1\n")
    assert discard_old_uploads(SYSTEM) == 0
    assert discard_old_uploads(SYSTEM, timezone.now() + timedelta(days=8)) == 1
    made.refresh_from_db()
    assert made.status == "discarded"
