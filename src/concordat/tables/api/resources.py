"""The JSON API of stored tables and shares: the same verbs by the same actions."""

# Annotations here are values: ninja reads them when an operation is added.

from typing import Any

from ninja import Router

from concordat.kernel.access import Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Out, Reference
from concordat.kernel.organisations.queries import of_slug
from concordat.tables import actions, queries, schemas
from concordat.tables.models import Share, Source, StoredTable

router = Router(tags=["tables"])


def draft_table(actor: Actor, *, owner: str, expected: None = None, **fields: Any) -> StoredTable:
    """Draft in the name of the organisation with this slug."""
    return actions.draft_table(actor, of_slug(actor, owner, "owner"), **fields)


def draft_source(actor: Actor, *, table: str, expected: None = None, **fields: Any) -> Source:
    """Draft a source of the table with this reference."""
    return actions.draft_source(actor, queries.table(actor, table), **fields)


SOURCES = Resource(
    model=Source,
    plural="sources",
    read=queries.sources,
    out=schemas.SourceOut,
    row=schemas.SourceRow,
    verbs={
        "draft": Verb(draft_source, schemas.SourceDraft),
        **{name: Verb(action) for name, action in actions.SOURCE_VERBS.items() if name != "edit"},
        "edit": Verb(actions.edit_source, schemas.SourceEdit),
    },
    public=False,
)
TABLES = Resource(
    model=StoredTable,
    plural="tables",
    read=queries.tables,
    out=schemas.TableOut,
    row=schemas.TableRow,
    verbs={
        "draft": Verb(draft_table, schemas.TableDraft),
        "edit": Verb(actions.edit_table, schemas.TableEdit),
        "roll_back": Verb(actions.roll_back_table, schemas.RollBack),
        "withdraw": Verb(actions.withdraw_table),
        "restore": Verb(actions.restore_table),
    },
    public=False,
)
SHARES = Resource(
    model=Share,
    plural="shares",
    read=queries.shares,
    out=schemas.ShareOut,
    row=schemas.ShareRow,
    verbs={name: Verb(action) for name, action in actions.SHARE_VERBS.items()},
    public=False,
)
mount(router, TABLES)
mount(router, SHARES)
mount(router, SOURCES)


class ConnectionsPage(Out):
    """The connections that a table may be loaded from, by name."""

    items: list[schemas.ConnectionOut]


@router.get(
    "/tables/{reference}/connections",
    response=ConnectionsPage,
    operation_id="list_table_connections",
    summary="The connections that a table may be loaded from",
)
def connections(request: ActorRequest, reference: Reference) -> Any:
    """Whoever runs the site names them; none for those who may not load the table."""
    found = queries.connections(request.actor, queries.table(request.actor, reference))
    return {"items": [{"name": name, "kind": kind} for name, kind in found.items()]}
