"""What the API takes and shows of search."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from concordat.kernel.doors.schemas import Out
from concordat.kernel.pages.schemas.words import Words
from concordat.kernel.search.find import MOST_PAGES


class SearchQuery(BaseModel):
    """What to look for, and within which values of the facets."""

    model_config = ConfigDict(extra="forbid")

    q: Words = ""
    kind: list[Words] = []
    organisation: list[Words] = []
    theme: list[Words] = []
    type: list[Words] = []
    stage: list[Words] = []
    method: list[Words] = []
    access: list[Words] = []
    format: list[Words] = []
    licence: list[Words] = []
    sort: Literal["best", "newest"] = "best"
    page: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1
    limit: Annotated[int, Field(ge=1, le=100, description="Results in one page")] = 20


class HitOut(Out):
    """One result. `title` and `text` are escaped HTML, the words found in `<mark>`."""

    kind: str
    reference: str
    title: str
    text: str
    path: str
    state: str
    organisation: str
    modified: str
    why: str


class FacetValue(Out):
    """A value of a facet, and exactly how many results hold it."""

    value: str
    count: int


class ResultsOut(Out):
    """A page of results. `near` says that nothing held the very words, and these hold like ones."""

    total: int
    page: int
    pages: int
    near: bool
    hits: list[HitOut]
    facets: dict[str, list[FacetValue]]
