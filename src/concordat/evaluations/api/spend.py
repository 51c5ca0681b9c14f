"""The share of spend evaluated and the major projects on the API."""

# Annotations here are values: ninja reads them when an operation is added.

from decimal import Decimal
from typing import Annotated, Any

from ninja import File, Path, Query, Router
from ninja.files import UploadedFile

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.grid import MOST_BYTES
from concordat.evaluations.models import Project
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.coverage import Block
from concordat.evaluations.schemas import spend as schemas
from concordat.kernel.access import Actor, may
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import page_of
from concordat.kernel.doors.resources import refuse_unknown
from concordat.kernel.lifecycle import ANYONE
from concordat.kernel.refusals import NotAllowed

router = Router(tags=["spend"])
YearPath = Annotated[int, Path(ge=2000, le=2100)]
NumberPath = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
SlugPath = Annotated[str, Path(max_length=255, pattern=r"^[-a-z0-9]+$")]


def _year(told: Any, whole: Block) -> dict[str, Any]:
    names = ("year", "total", "basis", "total_source", "source")
    return {**{name: getattr(told, name) for name in names}, "whole": whole}


@router.get(
    "/coverage",
    response=schemas.CoveragePage,
    auth=None,
    operation_id="list_coverage",
    summary="The share of spend evaluated, by year",
)
def years(request: ActorRequest) -> Any:
    """Each year as a whole, the newest first."""
    found = queries.coverage.years(request.actor)
    return {"items": [_year(told, whole) for told, whole in found]}


@router.get(
    "/coverage/{year}",
    response=schemas.YearDetail,
    auth=None,
    operation_id="get_coverage",
    summary="The share of spend evaluated in a year, by portfolio and by body",
)
def year(request: ActorRequest, year: YearPath) -> Any:
    """Bodies as they are today: a project of one that split stands under each."""
    found = queries.coverage.year_of(request.actor, year)
    return {**_year(found.told, found.parts[0]), "parts": found.parts[1:]}


@router.get(
    "/coverage/{year}/{slug}",
    response=schemas.PartDetail,
    auth=None,
    operation_id="get_coverage_part",
    summary="The projects behind a body’s share, or behind all of it",
)
def part(request: ActorRequest, year: YearPath, slug: SlugPath) -> Any:
    """`all`, the slug of a body, or the slug of a department that is no body known here."""
    block, lines = queries.coverage.body_block(request.actor, year, slug)
    return {**vars(block), "lines": lines}


@router.get(
    "/projects",
    response=schemas.ProjectsPage,
    auth=None,
    operation_id="list_projects",
    summary="List major projects",
)
def projects(request: ActorRequest, query: Query[schemas.ProjectQuery]) -> Any:
    """Those joined to another are read with it."""
    refuse_unknown(request, schemas.ProjectQuery)
    by = query.filters()
    named = {"body__slug" if name == "body" else name: value for name, value in by.items()}
    rows = queries.projects.projects(request.actor).filter(**named)
    items, following = page_of(rows, query, order=("id",), scope=f"projects{sorted(by.items())}")
    return {"items": items, "next": following}


@router.get(
    "/projects/{number}",
    response=schemas.ProjectDetail,
    auth=None,
    operation_id="get_project",
    summary="One major project over its years",
)
def project(request: ActorRequest, number: NumberPath) -> Any:
    """By any number it was published under."""
    return _detail(request.actor, queries.projects.project(request.actor, number))


def _detail(actor: Actor, it: Project) -> dict[str, Any]:
    rows = list(queries.projects.lines_of(actor, it))
    lines = queries.coverage.lines(actor, pk__in=[row.pk for row in rows])
    names = ("number", "name", "department", "category", "body", "status", "version")
    return {
        **{name: getattr(it, name) for name in names},
        "numbers": [
            {"number": number, "first": first, "last": last}
            for number, first, last in queries.projects.numbers_of(rows)
        ],
        "lines": lines,
        "moves": queries.projects.moves_of(rows),
        "evaluations": [e.reference for e in queries.projects.evaluations_of(actor, it)],
    }


@router.post(
    "/projects/{number}/join",
    response=schemas.ProjectDetail,
    operation_id="join_project",
    summary="Say that a project is another under an older number",
)
def join(request: ActorRequest, number: NumberPath, body: schemas.JoinIn) -> Any:
    """Both keep their lines and are read as one."""
    _refuse_others(request.actor)
    found = queries.projects.own_project(request.actor, number)
    (into,) = queries.projects.projects_of(request.actor, [body.into], "into")
    actions.join_project(request.actor, found, into)
    return _detail(request.actor, into)


@router.post(
    "/projects/{number}/separate",
    response=schemas.ProjectDetail,
    operation_id="separate_project",
    summary="Take a joining back",
)
def separate(request: ActorRequest, number: NumberPath, body: schemas.SeparateIn) -> Any:
    """The number stands for a project of its own again."""
    _refuse_others(request.actor)
    found = queries.projects.own_project(request.actor, number)
    done = actions.separate_project(request.actor, found, note=body.note)
    return _detail(request.actor, done)


@router.post(
    "/portfolio-years/{year}/load",
    response=schemas.LoadedOut,
    operation_id="load_portfolio_year",
    summary="Bring in the portfolio of a year from a file",
)
def load(request: ActorRequest, year: YearPath, file: File[UploadedFile]) -> Any:
    """Delimited text of any make. A second run over the same file changes nothing."""
    _refuse_others(request.actor)
    return actions.load_portfolio(request.actor, year, file.name or "", file.read(MOST_BYTES + 1))


@router.post(
    "/portfolio-years/{year}/state-total",
    response=schemas.YearOut,
    operation_id="state_total_portfolio_year",
    summary="Say the published total of a year, what it covers and where it is published",
)
def state_total(request: ActorRequest, year: YearPath, body: schemas.TotalIn) -> Any:
    """In £ million."""
    _refuse_others(request.actor)
    found = queries.coverage.portfolio_year(request.actor, year)
    values: dict[str, Any] = {"total": None, "basis": "", "total_source": "", "category_totals": {}}
    if body.total is not None:
        values = {
            "total": Decimal(body.total),
            "basis": body.basis,
            "total_source": body.total_source,
            "category_totals": {each.category: each.total for each in body.category_totals},
        }
    told = actions.state_total(request.actor, found, values)
    return _year(told, queries.coverage.year_of(request.actor, year).parts[0])


def _refuse_others(actor: Actor) -> None:
    if not may(actor, Can.PORTFOLIO_LOAD, None, ANYONE):
        raise NotAllowed
