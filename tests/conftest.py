"""Fixtures that every area shares: demo images, a scanned project, real data, a home of the tests' own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny networks on a busy machine wait for each other's threads

from engine.demo import make_demo
from engine.images.prepare import prepare
from engine.project import Project, create_project, open_project

settings.register_profile("handful", deadline=None)  # no test depends on how fast the machine is
settings.load_profile("handful")

REPOSITORY = Path(__file__).parents[1]
REAL_DATA = Path(os.environ.get("HANDFUL_TEST_DATA", REPOSITORY.parent / "shared" / "data"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where tests are shared between processes, a file stays whole, and all that drives a browser is one share."""
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]

    return Shares(config, log)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in place of ~/.handful, so that tests neither read nor change what the user's machine remembers."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDFUL_HOME", str(folder))
        patch.setenv("HANDFUL_PROJECTS", str(folder / "projects"))
        patch.setenv("HANDFUL_ROOTS", str(tmp_path_factory.getbasetemp()))
        yield folder


@pytest.fixture(scope="session")
def demo_material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 demo tiles: images/ and, outside it, truth.csv. Read only."""
    return make_demo(tmp_path_factory.mktemp("demo"), count=60, seed=7)


@pytest.fixture(scope="session")
def images_folder(demo_material: Path) -> Path:
    """The images of the demo material. Read only."""
    return demo_material / "images"


@pytest.fixture(scope="session")
def prepared_project(images_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A scanned project that `project` copies. Read only."""
    project = create_project(tmp_path_factory.mktemp("prepared") / "project", images_folder)
    prepare(project)
    return project


@pytest.fixture
def project(prepared_project: Project, tmp_path: Path) -> Project:
    """A fresh, scanned project over the demo images, to change at will."""
    return open_project(shutil.copytree(prepared_project.root, tmp_path / "project"))


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Folder of a real data set by name; the test is skipped where it is not on this machine."""

    def find(name: str) -> Path:
        if not (REAL_DATA / name).is_dir():
            pytest.skip(f"no real images {name} in {REAL_DATA}; set HANDFUL_TEST_DATA to their folder")
        return REAL_DATA / name

    return find
