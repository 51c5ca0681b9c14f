"""What a share lets through: its policy proved, its key, and the versions that it names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from concordat.kernel.refusals import NotAllowed, WrongState
from concordat.tables.models import Share, StoredTable, TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import shown
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.predicate import PredicateError


@dataclass(frozen=True)
class Terms:
    """One version of a share's table, and how the share lets it be read: what every door opens.

    `columns` are the version's own, `shown` what the reader sees of them, `mark` names the bytes.
    """

    share: Share
    version: TableVersion
    policy: Policy
    key: bytes
    columns: list[Column]
    shown: list[Column]

    @property
    def table(self) -> str:
        """The table's name in the lake."""
        return self.share.table.reference

    @property
    def mark(self) -> str:
        """What names the bytes that are delivered."""
        return self.policy.mark(self.key)


def policy_of(share: Share) -> Policy:
    """The share's policy, proved against its digest.

    Raises RuntimeError when what is stored is not what was signed: then nothing is delivered.
    """
    policy = Policy.from_data(share.policy)
    if policy.digest() != share.policy_digest:
        raise RuntimeError(f"the policy of {share.reference} does not match its digest")
    return policy


def key_of(share: Share) -> bytes:
    """The key (32 bytes) of the share's masks and sample: derived from the host's secret, the row
    and its salt, so that none is stored and no two shares have the same."""
    named = f"{share.pk}:{share.salt}"
    return salted_hmac("concordat.share.key", named, algorithm="sha256").digest()


def terms_of(share: Share, version: TableVersion | None = None) -> Terms:
    """The share's terms for `version`, or for the one that it delivers.

    Raises WrongState where the version no longer has what the policy names: the table's owner must
    mend that, so asking again is no use.
    """
    policy, found = policy_of(share), version or delivered(share)
    columns = columns_of(found)
    try:
        seen = shown(policy, columns)
    except (PolicyError, PredicateError) as error:
        raise WrongState(
            f"This share cannot be read as it was agreed. {error}", "Ask whoever shares it."
        ) from error
    return Terms(share, found, policy, key_of(share), columns, seen)


def delivered(share: Share) -> TableVersion:
    """The version that is delivered where none is asked for: the latest, or the only one."""
    versions = policy_of(share).versions
    if versions.which == "only":
        found = share.table.versions.kept().filter(number=versions.number or 0).first()
        if found is None:
            raise WrongState("The version that was agreed is gone.", "Ask whoever shares it.")
        return found
    latest = share.table.latest
    assert latest is not None  # a share without data is not readable
    return latest


def versions_of(share: Share) -> QuerySet[TableVersion]:
    """The loads of the table that the share lets be read, oldest first."""
    which, loads = policy_of(share).versions, share.table.versions.kept().order_by("number")
    if which.which == "since":
        return loads.filter(number__gte=which.number or 0)
    return loads.filter(pk=delivered(share).pk)


def columns_of(version: TableVersion) -> list[Column]:
    """The version's own columns."""
    return [Column.from_data(data) for data in version.columns]


def refuse_unless_rows(share: Share) -> None:
    """Refuse rows where the policy gives totals alone. Raises NotAllowed."""
    if policy_of(share).gives != "rows":
        raise NotAllowed("This agreement gives totals, never rows.", "Ask for totals of it.")


def admit(share: Share, address: str) -> None:
    """Refuse to read rows from an internet address that the policy does not name.

    Raises NotAllowed, without naming the networks.
    """
    if share.policy.get("networks") and not policy_of(share).admits(address):
        raise NotAllowed(
            "This agreement is read from named networks, and you are in none of them.",
            "Ask from a network that the agreement names.",
        )


def unkept_promise(table: StoredTable, columns: list[Column]) -> str:
    """Which agreement promises what these columns do not give, and what that is; "" for none."""
    for share in Share.objects.promised(table):
        policy = Policy.from_data(share.policy)
        if policy.versions.which == "only":  # it keeps the version that was agreed
            continue
        try:
            shown(policy, columns)
        except (PolicyError, PredicateError) as error:
            return f"{share.basis} promises columns that this does not give. {error}"
    return ""
