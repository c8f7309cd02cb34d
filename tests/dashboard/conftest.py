"""How the tests open a screen: through app.py, as a browser does, with the project in the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.embeddings import save_embedding
from engine.geometry.neighbours import build_neighbours
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SECONDS = 60  # a run may take on a busy machine

OpenScreen = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies that the browser of every AppTest sends; AppTest itself has none, not even an empty jar."""
    sent: dict[str, str] = {}
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", lambda: SimpleNamespace(cookies=sent))
    return sent


@pytest.fixture
def open_screen() -> OpenScreen:
    """open_screen("data", project) runs the screen in a new session and returns it; without a project none is open.

    What else stands in the address is given by name.
    """
    st.cache_resource.clear()  # what one test has read, another's project must not see

    def run(screen: str, project: Project | None = None, **address: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=SECONDS)
        if project is not None:
            app.query_params["project"] = str(project.root)
        for name, value in address.items():
            app.query_params[name] = value
        if screen != "project":  # where every session begins
            app.switch_page(f"screens/{screen}.py")
        return app.run()

    return run


@pytest.fixture
def embedded(project: Project) -> Project:
    """The project with an embedding “toy”: three tight groups of images, in turn, and their neighbours."""
    table = read_table(project)
    group = np.arange(len(table)) % 3
    noise = np.random.default_rng(0).normal(scale=0.05, size=(len(table), 8))
    vectors = (np.eye(8)[group] + noise).astype(np.float32)
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    save_embedding(project, "toy", vectors, list(table.ids), about)
    build_neighbours(project, "toy")
    return project


@pytest.fixture
def labelled(embedded: Project) -> Project:
    """The project with the classes a, b and c, and one hand label in each of the three groups."""
    ids = read_table(embedded).ids
    store = LabelStore(embedded)
    for place, name in enumerate("abc"):
        store.label([ids[place]], store.add_class(name, "ana").id, "ana", "key")
    return embedded
