"""The log can be checked by anyone, and no tampering passes."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.audit import merkle
from concordat.kernel.audit.archive import seal_hash
from concordat.kernel.audit.commitment import commit
from concordat.kernel.audit.console import main
from concordat.kernel.audit.log import sequence
from concordat.kernel.audit.models import Entry
from concordat.kernel.audit.sealing import (
    consistency_between,
    day_lines,
    proof_of,
    seal,
    seal_lines,
)
from concordat.kernel.audit.verify import verify, verify_proof
from concordat.kernel.deeds.erase import erase
from concordat.kernel.refusals import NotAllowed
from concordat.marketplace import actions

# The leaves and roots of the Certificate Transparency reference implementation.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference(size):
    node = merkle.nodes_of(LEAVES)
    assert merkle.root(node, size).hex() == ROOTS[size - 1]
    tree = merkle.Frontier()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    assert tree.root().hex() == ROOTS[size - 1]


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size, data):
    leaves = [bytes([n]) for n in range(size)]
    node = merkle.nodes_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(node, index, size), merkle.root(node, size)
    assert merkle.included(leaves[index], index, size, path, root)
    assert not merkle.included(b"other", index, size, path, root)
    if size > 1:
        assert not merkle.included(leaves[index], (index + 1) % size, size, path, root)
        assert not merkle.included(leaves[index], index, size, path[:-1], root)


@given(st.integers(1, 70), st.data())
def test_a_longer_log_is_proved_to_extend_a_shorter_one(second, data):
    first = data.draw(st.integers(1, second))
    leaves = [bytes([n]) for n in range(second)]
    node = merkle.nodes_of(leaves)
    path = merkle.consistency(node, first, second)
    roots = merkle.root(node, first), merkle.root(node, second)
    assert merkle.consistent(first, second, *roots, path)
    assert not merkle.consistent(first, second, b"x" * 32, roots[1], path)
    grown = merkle.frontier_at(node, first)
    for leaf in leaves[first:]:
        grown.append(leaf)
    assert grown.root() == roots[1]


@pytest.fixture
def public_files(cast, agreement, tmp_path):
    """The public files after two seals, with private and public entries in them."""
    seal()
    actions.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")
    second = seal()
    folder = tmp_path / "audit"
    (folder / "days").mkdir(parents=True)
    (folder / "seals.jsonl").write_text("".join(seal_lines()))
    day = second.date.isoformat()
    (folder / "days" / f"{day}.jsonl").write_text("".join(day_lines(day)))
    return folder


def _day(folder):
    return next((folder / "days").iterdir())


def _rewrite(path, change):
    lines = path.read_text().splitlines()
    path.write_text("\n".join(change(lines)) + "\n")


def test_what_is_whole_verifies_from_the_files_alone(public_files, capsys):
    report = verify(str(public_files))
    assert report.ok, report.problems
    assert (report.seals, report.leaves) == (2, Entry.objects.count())
    assert 0 < report.bodies < report.leaves
    assert main([str(public_files)]) == 0
    assert "Verified" in capsys.readouterr().out


def test_no_private_entry_is_in_the_public_files(public_files, agreement):
    text = _day(public_files).read_text()
    assert "Asha" not in text
    assert agreement.request.reference not in text
    assert agreement.agreement.reference in text


def _forged(position):
    """A whole entry of somebody's own making, where the next one would stand."""
    body = {"name": "agreement:countersign", "reference": "AG-0000-00"}
    made = {"position": position, "commitment": commit(body, b"s" * 32).hex()}
    return json.dumps({**made, "body": body, "salt": (b"s" * 32).hex()})


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [line.replace("agreement:revoke", "agreement:expire") for line in lines],
        lambda lines: lines[:5] + lines[6:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: lines[:-1],
        lambda lines: [*lines, _forged(len(lines))],
        lambda lines: [*lines[:-1], '{"position": 1, "body": "text", "salt": 7}'],
        lambda lines: [*lines[:-1], "[]"],
    ],
    ids=["changed", "dropped", "reordered", "added", "cut", "forged", "no entry", "a list"],
)
def test_a_tampered_entry_is_found(public_files, change):
    _rewrite(_day(public_files), change)
    assert not verify(str(public_files)).ok


def test_a_tampered_seal_is_found(public_files):
    _rewrite(public_files / "seals.jsonl", lambda lines: lines[1:])
    assert not verify(str(public_files)).ok


def test_a_history_rewritten_from_the_start_is_found_by_a_seal_that_was_kept(public_files):
    kept = json.loads((public_files / "seals.jsonl").read_text().splitlines()[0])["hash"]
    assert verify(str(public_files), kept).ok
    leaf = {"position": 0, "commitment": commit({"name": "x"}, b"s" * 32).hex()}
    day = _day(public_files)
    day.write_text(json.dumps(leaf) + "\n")
    tree = merkle.Frontier()
    tree.append(bytes.fromhex(leaf["commitment"]))
    forged = {
        "number": 0,
        "date": day.stem,
        "at": "x",
        "size": 1,
        "root": tree.root().hex(),
        "previous": "0" * 64,
    }
    forged["hash"] = seal_hash(forged)
    (public_files / "seals.jsonl").write_text(json.dumps(forged) + "\n")
    assert verify(str(public_files)).ok
    assert not verify(str(public_files), kept).ok


def test_an_entry_can_be_proved_alone(public_files, agreement):
    entry = Entry.objects.of(agreement.agreement).last()
    proof = proof_of(entry, open_body=True)
    assert verify_proof(proof) == ""
    assert verify_proof({**proof, "body": {**proof["body"], "reference": "AG-0000-00"}})
    assert verify_proof({**proof, "position": proof["position"] + 1})
    between = consistency_between(0, 1)
    first, second = between["first"], between["second"]
    assert merkle.consistent(
        first["size"],
        second["size"],
        bytes.fromhex(first["root"]),
        bytes.fromhex(second["root"]),
        [bytes.fromhex(step) for step in between["path"]],
    )


def test_the_log_gives_places_without_gaps(cast, agreement):
    while sequence():
        pass
    places = list(Entry.objects.order_by("leaf__position").values_list("leaf__position", flat=True))
    assert places == list(range(len(places)))


def test_nothing_changes_or_deletes_an_entry(cast):
    entry = Entry.objects.first()
    with pytest.raises(TypeError):
        Entry.objects.filter(pk=entry.pk).update(name="x")
    with pytest.raises(TypeError):
        entry.delete()


def test_what_an_entry_keeps_private_is_erased_and_every_proof_stands(cast, agreement):
    entry = Entry.objects.filter(name="share_request:accept").get()
    seal()
    before = proof_of(entry, open_body=True)
    with pytest.raises(NotAllowed):
        erase(cast.pat, entry.pk, "Asked for.")
    call_command("erase", str(entry.pk), "--why", "Right to erasure, case 12")
    entry.refresh_from_db()
    assert (entry.private, bytes(entry.private_salt), entry.actor_name) == ({}, b"", "Somebody")
    assert proof_of(entry, open_body=True) == before
    assert verify_proof(before) == ""
    told = Entry.objects.of(agreement.request).last()
    assert told.name == "share_request:erase"
    assert told.private["facts"] == {"entry": entry.pk, "why": "Right to erasure, case 12"}
    page = Client()
    page.force_login(cast.people["olive"])
    assert "Somebody" in page.get(agreement.request.inside_url()).content.decode()
    with pytest.raises(CommandError, match="no entry"):
        call_command("erase", "999999", "--why", "x")
