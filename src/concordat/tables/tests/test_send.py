"""A file for a table sent piece by piece: kept as far as it came, by its sender alone, then checked."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from datetime import timedelta

import httpx2
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.files import actions as files
from concordat.kernel.files.actions import discard_old_uploads
from concordat.kernel.files.models import Upload
from concordat.kernel.files.store import store
from concordat.tables import queries
from concordat.tables.actions import draft_table, withdraw_table
from concordat.tables.models import StoredTable
from tests.script import script

LINES = b"area,count\n" + b"E1,1\n" * 40
SIZE = len(LINES)
TUS = {"Tus-Resumable": "1.0.0"}


def named(name):
    return f"filename {base64.b64encode(name.encode()).decode()}"


class Sender:
    """A client of the protocol, with a token."""

    def __init__(self, actor, table):
        self.token = script(actor).token if actor else ""
        self.begin_at = f"/api/v1/tables/{table.reference}/uploads/resumable"
        self.browser = Client()

    def ask(self, method, address, content=b"", version="1.0.0", **headers):
        told = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        told |= {"Tus-Resumable": version} if version else {}
        told |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        kind = told.pop("Content-Type", "application/offset+octet-stream")
        return self.browser.generic(method, address, content, kind, headers=told)

    def begin(self, size=SIZE, name="counts.csv"):
        told = {"Upload_Length": size, "Upload_Metadata": named(name)}
        return self.ask("POST", self.begin_at, **told)

    def go_on(self, address, start, content, **headers):
        return self.ask("PATCH", address, content, Upload_Offset=start, **headers)

    def offset(self, address):
        return int(self.ask("HEAD", address)["Upload-Offset"])


@pytest.fixture
def table(cast):
    return draft_table(cast.olive, cast.bodies["treasury"], "Counts", "counts")


@pytest.fixture
def olive(cast, table):
    return Sender(cast.olive, table)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(files, "RESUMED", 64)


def pieces_of(address):
    return list(store().list(f"{Upload.objects.get(pk=address.rsplit('/', 1)[1]).pieces}/"))


def test_a_file_sent_in_two_halves_waits_like_any_other(cast, table, olive):
    begun = olive.begin()
    assert begun.status_code == 201 and begun["Upload-Expires"].endswith("GMT")
    address = begun["Location"]
    assert olive.offset(address) == 0
    half = olive.go_on(address, 0, LINES[:100])
    assert (half.status_code, half["Upload-Offset"]) == (204, "100")
    asked = olive.ask("HEAD", address)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("100", str(len(LINES)))
    assert asked["Upload-Metadata"] == named("counts.csv")
    assert "no-store" in asked["Cache-Control"]
    assert not queries.waiting(cast.olive, table).exists()
    whole = olive.go_on(address, 100, LINES[100:])
    assert (whole.status_code, whole["Upload-Offset"]) == (204, str(len(LINES)))
    upload = queries.waiting(cast.olive, table).get()
    assert (upload.name, upload.kind, upload.size) == ("counts.csv", "text", len(LINES))
    assert upload.digest == hashlib.sha256(LINES).hexdigest()
    assert address.endswith(f"/{upload.pk}")
    assert [len(row) for row in queries.preview_of(cast.olive, upload).rows][:1] == [2]
    assert pieces_of(address) == [] and olive.offset(address) == len(LINES)
    names = list(Entry.objects.of(upload).order_by("id").values_list("name", flat=True))
    assert names == ["upload:begin", "upload:finish"], "each piece is no deed"


def test_the_server_says_what_it_can_to_anyone(cast, table):
    answer = Sender(None, table).ask("OPTIONS", Sender(None, table).begin_at, version="")
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert int(answer["Tus-Max-Size"]) >= 10 * 1000**3


@pytest.mark.parametrize("version", ["", "0.2.2"])
def test_another_version_is_refused_and_ours_is_named(olive, version):
    answer = olive.ask("POST", olive.begin_at, version=version)
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert answer["Tus-Resumable"] == "1.0.0"
    assert not Upload.objects.exists()


def test_what_is_not_as_the_protocol_has_it_is_refused_and_changes_nothing(olive):
    address = olive.begin()["Location"]
    olive.go_on(address, 0, LINES[:100])
    wrong = [
        (olive.go_on(address, 0, LINES), 409),
        (olive.go_on(address, 101, LINES[101:]), 409),
        (olive.ask("PATCH", address, b"x", Upload_Offset=100, Content_Type="text/csv"), 415),
        (olive.ask("PATCH", address, b"x"), 400),
        (olive.go_on(address, "1e2", b"x"), 400),
        (olive.go_on(address, 100, LINES), 413),
        (olive.ask("GET", address), 405),
        (olive.ask("POST", olive.begin_at, Upload_Defer_Length=1), 400),
        (olive.ask("POST", olive.begin_at, Upload_Length=5), 400),
        (olive.ask("POST", olive.begin_at, Upload_Length=5, Upload_Metadata="filename %"), 400),
        (olive.begin(0), 422),
        (olive.begin(name="counts.exe"), 422),
        (olive.begin(10**14), 413),
        (olive.ask("HEAD", f"{olive.begin_at}/999999"), 404),
    ]
    assert [answer.status_code for answer, _ in wrong] == [status for _, status in wrong]
    assert all(answer["Tus-Resumable"] == "1.0.0" for answer, _ in wrong)
    assert olive.offset(address) == 100
    assert Upload.objects.count() == 1


def test_a_method_that_a_proxy_stops_may_be_named_in_a_header(olive):
    address = olive.begin()["Location"]
    told = {"Upload_Offset": 0, "X_HTTP_Method_Override": "PATCH"}
    assert olive.ask("POST", address, LINES, **told).status_code == 204
    gone = olive.ask("POST", address, X_HTTP_Method_Override="DELETE")
    assert gone.status_code == 204
    assert olive.ask("GET", address, X_HTTP_Method_Override="DELETE").status_code == 405


def test_what_was_ended_or_refused_is_gone_with_its_pieces(cast, olive):
    address = olive.begin()["Location"]
    olive.go_on(address, 0, LINES[:100])
    assert pieces_of(address)
    assert olive.ask("DELETE", address).status_code == 204
    assert pieces_of(address) == []
    for method in ("HEAD", "PATCH", "DELETE"):
        assert olive.ask(method, address).status_code == 410
    binary = olive.begin(8, "counts.parquet")["Location"]
    refused = olive.go_on(binary, 0, b"no, not!")
    assert refused.status_code == 422 and "holds text" in refused.json()["errors"][0]["message"]
    assert olive.ask("HEAD", binary).status_code == 410
    assert set(Upload.objects.values_list("status", flat=True)) == {"discarded"}


def test_only_whoever_began_it_goes_on_while_they_may_load(cast, table, olive):
    from tests.cast import make_person

    address = olive.begin()["Location"]
    make_person("otto", cast.bodies["treasury"], ("data_steward",))
    from concordat.kernel.access.queries import actor_for
    from concordat.kernel.people.models import Person

    otto = Sender(actor_for(Person.objects.get(name="Otto")), table)
    for other, status in ((otto, 404), (Sender(cast.erin, table), 404), (Sender(None, table), 401)):
        for method in ("HEAD", "PATCH", "DELETE"):
            assert other.ask(method, address).status_code == status
        assert other.ask("HEAD", address)["Tus-Resumable"] == "1.0.0"
    assert Sender(cast.colin, table).begin().status_code == 403, "an approver does not load"
    withdraw_table(cast.colin, StoredTable.objects.get(pk=table.pk), note="Stop.")
    assert olive.go_on(address, 0, LINES).status_code == 409


def test_of_two_that_write_from_one_place_the_first_wins_and_no_bytes_mix(cast, table, olive):
    address = olive.begin()["Location"]
    upload = Upload.objects.get()

    def other():
        """While this one is on its way the same sender writes from the same place."""
        files.continue_upload(cast.olive, upload, 0, [b"x" * 80], ["text"])
        yield LINES

    with pytest.raises(files.Conflict):
        files.continue_upload(cast.olive, upload, 0, other(), ["text"])
    assert olive.offset(address) == 80
    assert [size for _, size in sorted(pieces_of(address))] == [64, 16]


def test_a_sum_that_does_not_fit_leaves_nothing(olive):
    address = olive.begin()["Location"]
    good = base64.b64encode(hashlib.sha1(LINES[:100]).digest()).decode()
    wrong = olive.go_on(address, 0, LINES[1:101], Upload_Checksum=f"sha1 {good}")
    assert (wrong.status_code, olive.offset(address)) == (460, 0)
    assert olive.go_on(address, 0, b"x", Upload_Checksum="md5 eA==").status_code == 400
    right = olive.go_on(address, 0, LINES[:100], Upload_Checksum=f"sha1 {good}")
    assert (right.status_code, olive.offset(address)) == (204, 100)


def test_what_is_unfinished_after_a_week_goes_with_its_pieces(olive):
    address = olive.begin()["Location"]
    olive.go_on(address, 0, LINES[:100])
    assert discard_old_uploads(SYSTEM) == 0
    assert discard_old_uploads(SYSTEM, timezone.now() + timedelta(days=8)) == 1
    assert pieces_of(address) == []
    assert olive.ask("HEAD", address).status_code == 410
    upload = Upload.objects.get()
    store().write(f"{upload.pieces}/0", b"on its way when it was ended")
    discard_old_uploads(SYSTEM)
    assert pieces_of(address) == []


def test_the_page_sends_by_the_same_protocol_with_its_session_and_not_without_its_token(
    cast, table
):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["olive"])
    text = browser.get(f"{table.inside_url()}/load").content.decode()
    address = f"{table.inside_url()}/uploads/resumable"
    assert f'data-resumable="{address}"' in text and "doors/resumable.js" in text
    told = {**TUS, "Upload-Length": str(len(LINES)), "Upload-Metadata": named("counts.csv")}
    assert browser.post(address, headers=told).status_code == 403
    token = text.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    begun = browser.post(address, headers={**told, "X-CSRFToken": token})
    assert begun.status_code == 201
    sent = browser.generic(
        "PATCH",
        begun["Location"],
        LINES,
        "application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": "0", "X-CSRFToken": token},
    )
    assert sent.status_code == 204
    assert browser.get(begun["Location"].replace("/resumable/", "/")).status_code == 200


@pytest.fixture
def steward(site):
    """A program with the steward's token, and a table of theirs on a real server."""
    headers = {"Authorization": f"Bearer {site.people['steward']['token']}", **TUS}
    with httpx2.Client(base_url=site.url, headers=headers, timeout=60) as client:
        tables = client.get("/api/v1/tables").json()["items"]
        yield client, tables[0]["reference"]


def test_a_connection_cut_in_the_middle_keeps_what_arrived(steward):
    client, table = steward
    content = b"area,count\n" + b"E1,1\n" * 4_000_000  # 20 MB: more than one piece
    told = {"Upload-Length": str(len(content)), "Upload-Metadata": named("cut.csv")}
    begun = client.post(f"/api/v1/tables/{table}/uploads/resumable", headers=told)
    address = begun.headers["Location"]

    def cut():
        yield content[:10_000_000]
        raise ConnectionAbortedError("the train went into a tunnel")

    told = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    length = {"Content-Length": str(len(content))}
    with pytest.raises(ConnectionAbortedError):
        client.patch(address, headers={**told, **length}, content=cut())
    for _ in range(100):
        there = int(client.head(address).headers["Upload-Offset"])
        if there >= 8 * 1024 * 1024:
            break
        time.sleep(0.05)
    assert 8 * 1024 * 1024 <= there <= 10_000_000
    told["Upload-Offset"] = str(there)
    for _ in range(100):
        rest = client.patch(address, headers=told, content=content[there:])
        if rest.status_code != 409:
            break
        told["Upload-Offset"] = str(there := int(client.head(address).headers["Upload-Offset"]))
    assert (rest.status_code, rest.headers["Upload-Offset"]) == (204, str(len(content)))
    seen = client.get(address.replace("/resumable/", "/")).json()
    assert (seen["name"], seen["size"]) == ("cut.csv", len(content))
    assert client.delete(address).status_code == 204


def test_a_file_sent_from_the_console_is_shown_or_loaded(site, tmp_path):
    environment = {
        "CONCORDAT_URL": site.url,
        "CONCORDAT_TOKEN": site.people["steward"]["token"],
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    site = type(site)(site.url, {**site.environment, **environment}, site.people, site.folder)
    listed = json.loads(site.run("tables", "list", "--json").stdout)["items"]
    table, file = listed[-1]["reference"], tmp_path / "counts.csv"
    file.write_bytes(LINES)
    shown = site.run("table", "send", table, str(file))
    assert "name: counts.csv" in shown.stdout and "100%" in shown.stderr
    nothing = site.run("table", "send", table, str(tmp_path / "no.csv"), check=False)
    assert (nothing.returncode, "There is no file" in nothing.stderr) == (1, True)
    odd = tmp_path / "counts.exe"
    odd.write_bytes(b"x")
    refused = site.run("table", "send", table, str(odd), check=False)
    assert (refused.returncode, "is not taken" in refused.stderr) == (1, True)
    assert "[--load]" in site.run("table", "send", "--help").stdout
