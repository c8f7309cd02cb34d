"""How the tests open a screen: through app.py, as a browser does, with the project in the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.project import Project

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SECONDS = 60  # a run may take on a busy machine

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def open_screen() -> OpenScreen:
    """open_screen("data", project) runs the screen in a new session and returns it; without a project none is open."""
    st.cache_resource.clear()  # what one test has read, another's project must not see

    def run(screen: str, project: Project | None = None) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=SECONDS)
        if project is not None:
            app.query_params["project"] = str(project.root)
        if screen != "project":  # where every session begins
            app.switch_page(f"screens/{screen}.py")
        return app.run()

    return run
