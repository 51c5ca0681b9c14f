"""The JSON door: the same verbs by the same actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import JsonResponse
from ninja import Query, Router

from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Reference
from concordat.kernel.lifecycle import Lifecycle
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Unknown
from concordat.marketplace import actions, queries, schemas
from concordat.marketplace.models import Agreement, DataService, Dataset, Distribution, ShareRequest
from concordat.tables import queries as table_queries

router = Router(tags=["marketplace"])


def draft_dataset(actor: Actor, *, owner: str, expected: None = None, **fields: Any) -> Dataset:
    """Draft in the name of the organisation with this slug."""
    return actions.draft_dataset(
        actor, of_slug(actor, owner, "owner"), _plain_values(actor, fields)
    )


def _plain_values(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """A dataset's fields as the model holds them; a dictionary sent as null is left as it is."""
    values = _with_creators(actor, fields)
    dictionary = values.pop("dictionary", None)
    if dictionary is not None:
        values["dictionary"] = [c.model_dump(exclude_unset=True) for c in dictionary]
    return values


def _with_creators(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with organisations in the place of their slugs; unset, they stay as they are."""
    values = {name: value for name, value in fields.items() if name != "creators"}
    if fields.get("creators") is not None:
        values["creators"] = [of_slug(actor, slug, "creators") for slug in fields["creators"]]
    return values


def draft_service(actor: Actor, *, owner: str, expected: None = None, **fields: Any) -> DataService:
    """Draft in the name of the organisation with this slug."""
    values = _with_served(actor, fields)
    return actions.draft_data_service(actor, of_slug(actor, owner, "owner"), values)


def _with_served(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with datasets in the place of their references; unset, they stay as they are."""
    values = _with_creators(actor, fields)
    serves = values.pop("serves", None)
    if serves is not None:
        values["serves"] = queries.datasets_named(actor, serves, "serves")
    return values


def edit_dataset(actor: Actor, found: Dataset, *, expected: int | None, **fields: Any) -> Dataset:
    """Change a draft."""
    return actions.edit_dataset(actor, found, _plain_values(actor, fields), expected=expected)


def amend_dataset(
    actor: Actor, found: Dataset, *, expected: int | None, note: str = "", **fields: Any
) -> Dataset:
    """Change what is published."""
    return actions.amend_dataset(
        actor, found, _plain_values(actor, fields), note=note, expected=expected
    )


def amend_service(
    actor: Actor, found: DataService, *, expected: int | None, note: str = "", **fields: Any
) -> DataService:
    """Change what is published."""
    values = _with_served(actor, fields)
    return actions.amend_data_service(actor, found, values, note=note, expected=expected)


def draft_distribution(
    actor: Actor, *, dataset: str, expected: None = None, **fields: Any
) -> Distribution:
    """List a form in which a dataset can be had."""
    found = queries.datasets(actor).filter(reference=dataset).first()
    if found is None:
        raise Unknown({"dataset": ["There is no dataset of that reference that you can see."]})
    return actions.add_distribution(actor, found, _with_table(actor, fields))


def edit_distribution(
    actor: Actor, found: Distribution, *, expected: int | None, **fields: Any
) -> Distribution:
    """Change how it is described."""
    return actions.edit_distribution(actor, found, _with_table(actor, fields), expected)


def remove_distribution(actor: Actor, found: Distribution, *, expected: int | None) -> Distribution:
    """Take it off the list."""
    return actions.remove_distribution(actor, found, expected)


def _with_table(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with the stored table in the place of its reference."""
    if reference := fields.get("table"):
        found = table_queries.tables(actor).filter(reference=reference).first()
        if found is None:
            raise Unknown({"table": ["There is no table of that reference that you can see."]})
        return {**fields, "table": found}
    return fields


def edit_service(
    actor: Actor, found: DataService, *, expected: int | None, **fields: Any
) -> DataService:
    """Change a draft."""
    values = _with_served(actor, fields)
    return actions.edit_data_service(actor, found, values, expected=expected)


def draft_request(
    actor: Actor, *, acquirer: str, dataset: str, expected: None = None, **fields: Any
) -> ShareRequest:
    """Ask for a dataset in the name of the organisation with this slug."""
    wanted = queries.datasets(actor).filter(reference=dataset).first()
    if wanted is None:
        raise Unknown({"dataset": ["There is no dataset of that reference that you can see."]})
    values = _with_distribution(actor, wanted, fields)
    return actions.draft_request(actor, of_slug(actor, acquirer, "acquirer"), wanted, values)


def edit_request(
    actor: Actor, found: ShareRequest, *, expected: int | None, **fields: Any
) -> ShareRequest:
    """Change a draft or what was returned."""
    values = _with_distribution(actor, found.dataset, fields)
    return actions.edit_request(actor, found, values, expected=expected)


def narrow_request(
    actor: Actor, found: ShareRequest, *, expected: int | None, note: str = "", **fields: Any
) -> ShareRequest:
    """Offer less than was asked."""
    return actions.narrow_request(actor, found, fields, note=note, expected=expected)


def _with_distribution(actor: Actor, dataset: Dataset, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with the distribution's row in the place of its id."""
    values = dict(fields)
    if (pk := values.get("distribution")) is not None:
        found = queries.distributions(actor, dataset).filter(pk=pk).first()
        if found is None:
            raise Unknown({"distribution": [f"This dataset has no distribution {pk}."]})
        values["distribution"] = found
    return values


def _plain(lifecycle: Lifecycle, *others: str) -> dict[str, Verb]:
    """Every verb of the lifecycle that takes no fields of its own."""
    return {
        t.verb: Verb(_performing(t.verb))
        for t in lifecycle.transitions
        if not t.hidden and not t.makes and t.verb not in others
    }


def _narrowed(by: dict[str, Any]) -> dict[str, Any]:
    return {("owner__slug" if name == "owner" else name): value for name, value in by.items()}


def _performing(verb: str) -> Callable[..., Any]:
    def perform(actor: Actor, record: Any, **options: Any) -> Any:
        return actions.perform(actor, record, verb, **options)

    return perform


mount(
    router,
    Resource(
        model=Dataset,
        plural="datasets",
        read=lambda actor, **by: queries.datasets(actor).filter(**_narrowed(by)),
        out=schemas.DatasetOut,
        row=schemas.DatasetRow,
        query=schemas.DatasetQuery,
        verbs={
            "draft": Verb(draft_dataset, schemas.DatasetDraft),
            "edit": Verb(edit_dataset, schemas.DatasetEdit),
            "amend": Verb(amend_dataset, schemas.DatasetEdit),
            **_plain(Dataset.LIFECYCLE, "edit", "amend"),
        },
    ),
)
mount(
    router,
    Resource(
        model=DataService,
        plural="data_services",
        read=queries.data_services,
        out=schemas.ServiceOut,
        row=schemas.ServiceRow,
        verbs={
            "draft": Verb(draft_service, schemas.ServiceDraft),
            "edit": Verb(edit_service, schemas.ServiceEdit),
            "amend": Verb(amend_service, schemas.ServiceEdit),
            **_plain(DataService.LIFECYCLE, "edit", "amend"),
        },
    ),
)
mount(
    router,
    Resource(
        model=Distribution,
        plural="distributions",
        key="id",
        read=queries.all_distributions,
        out=schemas.DistributionDetail,
        query=schemas.DistributionQuery,
        verbs={
            "draft": Verb(draft_distribution, schemas.DistributionDraft),
            "edit": Verb(edit_distribution, schemas.DistributionEdit),
            "remove": Verb(remove_distribution),
        },
    ),
)
mount(
    router,
    Resource(
        model=ShareRequest,
        plural="share_requests",
        read=lambda actor, **by: queries.requests(actor).filter(**by),
        out=schemas.RequestOut,
        row=schemas.RequestRow,
        query=schemas.RequestQuery,
        verbs={
            "draft": Verb(draft_request, schemas.RequestDraft),
            "edit": Verb(edit_request, schemas.RequestEdit),
            "narrow": Verb(narrow_request, schemas.Conditions, "Offer less than was asked"),
            **_plain(ShareRequest.LIFECYCLE, "edit", "narrow"),
        },
        public=False,
    ),
)
mount(
    router,
    Resource(
        model=Agreement,
        plural="agreements",
        read=queries.agreements,
        out=schemas.AgreementOut,
        row=schemas.AgreementRow,
        verbs=_plain(Agreement.LIFECYCLE),
        public=False,
    ),
)


@router.get("/register", response=schemas.RegisterPage, auth=None, operation_id="register_list")
def register(request: ActorRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """The public register of data uses: every agreement that came into force."""
    rows, following = page_of(queries.register(PUBLIC), query, scope="register")
    return {"items": rows, "next": following}


@router.get(
    "/agreements/{reference}/odrl",
    operation_id="odrl_agreement",
    summary="The policy of an agreement as ODRL 2.2",
    openapi_extra={
        "responses": {
            200: {
                "description": "An ODRL Agreement in JSON-LD",
                "content": {"application/ld+json": {"schema": {"type": "object"}}},
            }
        }
    },
)
def odrl(request: ActorRequest, reference: Reference) -> Any:
    """For its two sides: what both sign, in words that other programs know."""
    told = queries.odrl(request.actor, reference, request.build_absolute_uri("/").rstrip("/"))
    return JsonResponse(told, content_type="application/ld+json")
