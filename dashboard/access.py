"""Who may fetch from our routes: pages of this dashboard only, under the name that it is served at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.errors import EngineError

LOCAL = ("127.0.0.1", "localhost", "::1")
PRIVATE = {  # of every answer: for this site's pages only, and only as what it says it is
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

Endpoint = Callable[[Request], Response]


def guarded(endpoint: Endpoint) -> Endpoint:
    """The endpoint for allowed requests; an EngineError becomes a 404 that says its sentence."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        if reason := refusal(request.headers.get("host", ""), request.headers.get("origin"), _site(request)):
            return PlainTextResponse(reason, status_code=403, headers=PRIVATE)
        try:
            response = endpoint(request)
        except EngineError as error:
            return PlainTextResponse(str(error), status_code=404, headers={**PRIVATE, "Cache-Control": "no-store"})
        response.headers.update(PRIVATE)
        return response

    return answer


def refusal(host: str, origin: str | None, site: str | None) -> str:
    """Why a request is refused, in a sentence; "" where it is allowed.

    Args:
        host: the Host header. A foreign name that resolves to this machine (DNS rebinding) is not one of ours.
        origin: the Origin header, which browsers send where a page of another site asks.
        site: the Sec-Fetch-Site header, which only browsers set.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if name not in served_names():
        return f"This dashboard is not served as “{name}”. Open it at the address it printed when it started."
    if site not in (None, "same-origin", "none"):
        return "Only pages of this dashboard may fetch its images."
    if origin and urlsplit(origin).netloc != host:
        return "Only pages of this dashboard may fetch its images."
    return ""


def served_names() -> set[str]:
    """The host names that this dashboard answers to: this machine's, and those it was told to serve."""
    allowed = st.get_option("server.allowedHosts") or []
    told = [st.get_option("server.address"), st.get_option("browser.serverAddress"), *allowed]
    return {*LOCAL, *(name.strip("[]") for name in told if name)}


def _site(request: Request) -> str | None:
    site: str | None = request.headers.get("sec-fetch-site")
    return site
