"""How every door says no: a page for people, an RFC 9457 problem for programs, no detail leaked.

`site.urls` names `bad_request`, `not_allowed`, `not_found` and `server_error` as Django's handlers.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from concordat.kernel import refusals
from concordat.kernel.doors.frame import frame

PROBLEM: Final = "application/problem+json"
_PLAIN: Final[dict[int, tuple[str, str, str]]] = {
    400: ("bad-request", "Bad request", "The request could not be read. Check it and try again."),
    403: ("not-allowed", "You cannot do that", "Go back, reload the page and try again."),
    404: ("not-found", "Page not found", "Check the address, or start from the home page."),
    405: ("wrong-method", "That is not done this way", "Use a method that Allow names."),
    412: ("stale-version", "Somebody changed this first", "Read it again and send the new ETag."),
    429: ("too-many", "Too many requests", "Wait a little and try again."),
    500: ("failed", "Sorry, there is a problem with the service", "Try again later."),
    503: ("not-ready", "Sorry, the service is not ready", "Try again in a minute."),
}


def refused(request: HttpRequest, refusal: refusals.Refusal) -> HttpResponse:
    """A refusal in the shape the asker reads. People who must sign in are sent to do so."""
    errors = refusal.errors if isinstance(refusal, refusals.Invalid) else {}
    status = refusal.status
    if isinstance(refusal, refusals.StaleVersion) and "If-Match" in request.headers:
        status = 412  # the condition was the client's own (RFC 9110, 13.1.1)
    if wants_problem(request):
        return problem(
            request, status, refusal.code, refusal.title, refusal.detail, refusal.mend, errors
        )
    if status == 401 and request.method == "GET":
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{frame(request).sign_in}?{query}")
    return page(request, status, refusal.title, refusal.detail, refusal.mend, errors)


def answer(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """A plain refusal by its HTTP status, in the shape the asker reads."""
    code, title, mend = _PLAIN[status]
    if wants_problem(request):
        return problem(request, status, code, title, detail or title, mend)
    return page(request, status, title, detail, mend)


def wants_problem(request: HttpRequest) -> bool:
    """True under /api/, and for those who accept JSON but not HTML."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accepted and "html" not in accepted)


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    title: str,
    detail: str,
    mend: str = "",
    errors: dict[str, list[str]] | None = None,
) -> JsonResponse:
    """RFC 9457 `application/problem+json`; `errors` names each field and what is wrong with it."""
    body: dict[str, Any] = {
        "type": f"urn:concordat:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "mend": mend,
        "request_id": getattr(request, "request_id", ""),
        "errors": [
            {"field": name, "message": message}
            for name, messages in (errors or {}).items()
            for message in messages
        ],
    }
    response = JsonResponse(body, status=status, content_type=PROBLEM)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="concordat"'
    return response


def page(
    request: HttpRequest,
    status: int,
    title: str,
    detail: str = "",
    mend: str = "",
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """The error page: what happened, what to do, and the number to quote."""
    context = {
        "title": title,
        "detail": detail if detail != title else "",
        "mend": mend,
        "status": status,
        "errors": [m for messages in (errors or {}).values() for m in messages],
        "request_id": getattr(request, "request_id", ""),
    }
    return render(request, "doors/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return answer(request, 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404. Says nothing of what might have been there."""
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the request id, and nothing of what went wrong.

    Falls back to plain text when the page itself is what fails.
    """
    try:
        return answer(request, 500)
    except Exception:  # the error page must not need what may just have broken
        number = getattr(request, "request_id", "")
        text = f"Sorry, there is a problem with the service. Try again later. Request {number}\n"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """A 405 as a problem, with the Allow header it came with."""
    said = answer(request, 405, f"{request.method} is not done here.")
    said["Allow"] = response.get("Allow", "")
    return said


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Settings name this as CSRF_FAILURE_VIEW."""
    return answer(
        request,
        403,
        "The form was open too long, or did not come from this site, so nothing was saved.",
    )
