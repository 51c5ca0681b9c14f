"""What reference managers and registers of DOIs read: of an evaluation, and of each version."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from concordat.evaluations import queries
from concordat.evaluations.feeds import citations
from concordat.evaluations.feeds.datacite import as_json
from concordat.evaluations.feeds.work import Work
from concordat.evaluations.queries.works import version_work, work
from concordat.kernel.access import PUBLIC

_KINDS: Final = {
    "bib": (citations.bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (citations.ris, "application/x-research-info-systems; charset=utf-8"),
}


def datacite(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """DataCite's metadata, as JSON."""
    told = as_json(_work(reference, number))
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def bibtex(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """A citation as BibTeX."""
    return _citation(_work(reference, number), "bib")


def ris(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """A citation as RIS."""
    return _citation(_work(reference, number), "ris")


def _citation(told: Work, kind: str) -> HttpResponse:
    write, content_type = _KINDS[kind]
    name = f"{told.reference.replace('/', '-v')}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(told), content_type=content_type, headers=headers)


def _work(reference: str, number: int | None) -> Work:
    """The evaluation, or that version of its plan. Raises NotVisible."""
    found = queries.evaluation(PUBLIC, reference)
    if number is None:
        return work(PUBLIC, found)
    return version_work(PUBLIC, found, queries.version(PUBLIC, found, number).plan)
