"""The server of the benchmark of maps: its page, and the points as one buffer."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # `streamlit run` puts only this folder on the path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.benchmarks.browser.points import random_points


def points(request: Request) -> Response:
    return Response(random_points(int(request.query_params["count"])).tobytes())


app = st.App(Path(__file__).with_name("points_app.py"), routes=[Route("/points", points)])
