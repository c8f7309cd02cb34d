"""Project, Data: recent projects, making a new one, what is found in the folder, and rescanning."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import home, jobs
from engine.errors import RunFailed
from engine.images.prepare import prepare
from engine.project import ColumnSettings, Project, create_project, open_project

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def few_images(images_folder: Path, tmp_path: Path) -> Path:
    """Six of the demo images in a folder of their own."""
    folder = tmp_path / "few"
    folder.mkdir()
    for source in sorted(images_folder.rglob("*.png"))[:6]:
        shutil.copy(source, folder)
    return folder


def test_a_recent_project_shows_its_counts_and_opens(open_screen: OpenScreen, project: Project) -> None:
    home.remember_project(project.root)
    app = open_screen("project")
    assert any("60 images · none labelled" in caption.value for caption in app.caption)
    app.button(key=f"open-{project.root}").click().run()
    assert app.title[0].value == "Data"
    assert app.query_params["project"] == str(project.root)


def test_the_images_in_a_folder_are_counted_before_anything_is_made(open_screen: OpenScreen, few_images: Path) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(few_images)).run()
    assert any("**6 images** (6 png)" in text.value for text in app.markdown)
    assert not home.project_folder_for(few_images).exists()


def test_a_folder_without_images_offers_no_project(open_screen: OpenScreen, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(tmp_path / "bare")).run()
    assert any("**no image**" in text.value for text in app.markdown)
    assert not any(one.label == "Create project" for one in app.button)


def test_a_folder_outside_the_allowed_ones_is_refused_in_a_sentence(open_screen: OpenScreen) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value("/etc").run()
    assert "outside the folders that may be opened here" in app.warning[0].value


@pytest.mark.parametrize("typed", ["missing", "file.txt", "~nobody-of-this-name/images"])
def test_a_path_that_is_no_folder_is_told_under_its_field_and_the_demo_stays_on_offer(
    open_screen: OpenScreen, tmp_path: Path, typed: str
) -> None:
    (tmp_path / "file.txt").touch()
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(typed if "~" in typed else str(tmp_path / typed)).run()
    assert len(app.warning) == 1
    assert not app.error
    assert app.button(key="demo")


def test_a_table_outside_the_allowed_folders_is_not_read(
    open_screen: OpenScreen, few_images: Path, tmp_path: Path
) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(few_images)).run()
    app.text_input(key=f"new-{few_images}-csv").set_value("/etc/passwd").run()
    assert "outside the folders that may be opened here" in app.warning[0].value
    assert app.button(key="new-create").disabled


def test_a_pattern_is_shown_as_columns_before_the_project_is_made(open_screen: OpenScreen, few_images: Path) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(few_images)).run()
    app.text_input(key=f"new-{few_images}-pattern-0").set_value(r"(?P<first_letter>^.)").run()
    assert any("<th class='of'" in html.proto.body and "first_letter" in html.proto.body for html in app.get("html"))


def test_a_pattern_that_does_not_compile_is_told_in_a_sentence(open_screen: OpenScreen, few_images: Path) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(few_images)).run()
    app.text_input(key=f"new-{few_images}-pattern-0").set_value("(?P<open").run()
    assert len(app.warning) == 1
    assert not app.exception
    assert app.button(key="new-create").disabled


def test_creating_a_project_scans_it_in_a_process_of_its_own(open_screen: OpenScreen, few_images: Path) -> None:
    app = open_screen("project")
    app.text_input(key="new-images-typed").set_value(str(few_images)).run()
    app.button(key="new-create").click().run()
    made = open_project(home.project_folder_for(few_images))
    assert app.title[0].value == "Data"
    assert jobs.wait(made, jobs.statuses(made)[0].run).state == "done"
    assert "6" in facts(app.run())


def test_data_shows_how_many_images_and_what_is_known_of_them(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("data", project)
    assert "60" in facts(app)
    assert "patient" in app.button_group(key="column").options


def test_data_says_how_many_values_of_a_column_are_not_shown(
    open_screen: OpenScreen, few_images: Path, tmp_path: Path
) -> None:
    for number in range(10):
        (few_images / f"case-{number}_x.png").write_bytes(next(few_images.glob("*.png")).read_bytes())
    made = create_project(tmp_path / "cases", few_images, columns=ColumnSettings(pattern="case-{case}_x"))
    prepare(made)
    app = open_screen("data", made)
    assert "10 distinct values" in " ".join(one.value for one in app.caption)
    assert "and 2 more values" in [one.value for one in app.caption]


def test_data_says_why_the_last_scan_failed(open_screen: OpenScreen, few_images: Path, tmp_path: Path) -> None:
    made = create_project(tmp_path / "mine", few_images)
    prepare(made)
    few_images.rename(tmp_path / "elsewhere")
    run = jobs.start(made, jobs.PrepareRequest())
    with pytest.raises(RunFailed):
        jobs.wait(made, run)
    app = open_screen("data", made)
    assert app.warning[0].value.startswith(f"The last scan failed. There is no folder {few_images}")
    assert "6" in facts(app)  # what was known stays on the screen


def facts(app: AppTest) -> list[str]:
    """The large numbers of the first row."""
    return [
        html.proto.body.split("<b>")[1].split("</b>")[0]
        for html in app.get("html")
        if "class='fact'" in html.proto.body
    ]


def test_data_looks_for_poor_and_repeated_images_when_asked(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("data", project)
    app.button(key="look-for-quality").click().run()
    assert not app.exception
    assert not app.run().exception  # from the cache
    assert not any(button.key == "look-for-quality" for button in app.button)
