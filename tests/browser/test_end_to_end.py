"""The whole job in a real browser: from a folder of 300 images to an exported file, with a crash on the way.

With HANDFUL_PICTURES=FOLDER the same run leaves its screenshots there (`make pictures`).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from engine.demo import make_demo
from engine.home import project_folder_for
from engine.labels.store import LabelStore
from engine.project import open_project
from tests.browser.conftest import Dashboard
from tests.browser.visitor import Visitor

IMAGES = 300
BY_KEY = 18  # images labelled on the stage
THRESHOLD_STEPS = 5  # of 0.01 each, down from where the slider stands at first

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """images in demo-tissue/, and truth.csv outside it."""
    folder = make_demo(tmp_path_factory.mktemp("material"), count=IMAGES, seed=3)
    (folder / "images").rename(folder / "demo-tissue")
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("HANDFUL_PICTURES", tmp_path / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.timeout(1200)
def test_from_a_folder_of_images_to_an_exported_file(
    dashboard: Dashboard, page: Page, material: Path, pictures: Path
) -> None:
    visitor = Visitor(page, pictures)
    known = pd.read_csv(material / "truth.csv")
    truth = dict(zip(known["path"].str.removeprefix("images/"), known["label"], strict=True))
    classes = sorted(set(truth.values()))
    keys = {name: str(number) for number, name in enumerate(classes, start=1)}
    root = project_folder_for(material / "demo-tissue")

    create_and_look(visitor, dashboard, material / "demo-tissue")
    look_at_once(visitor)
    train_through_a_crash(visitor, dashboard, root)
    label(visitor, truth, classes, keys)
    explore(visitor)
    by_hand = review(visitor, root)
    quality(visitor, material / "truth.csv")
    exported = export(visitor, root)

    assert (exported["how"] != "accepted").sum() == by_hand
    assert (exported["how"] == "accepted").sum() > 0
    assert set(exported["who"]) == {"Dr Demo"} and exported["when"].notna().all()
    keyed = exported[exported["how"] == "key"]
    assert len(keyed) == BY_KEY
    assert [truth[path] for path in keyed["path"]] == list(keyed["class"])
    accepted = exported[exported["how"] == "accepted"]
    assert accepted["probability"].between(0, 1).all() and accepted["propagation"].notna().all()


def create_and_look(visitor: Visitor, dashboard: Dashboard, images: Path) -> None:
    visitor.page.goto(dashboard.url())
    visitor.create_project(images, IMAGES)
    visitor.says("patient")
    visitor.settle()
    visitor.picture("data")
    visitor.go("Prior")
    visitor.switch_on("Same group")
    visitor.select("Column", "field")
    visitor.says(f"{IMAGES} images have a partner")
    visitor.picture("prior")


def look_at_once(visitor: Visitor) -> None:
    """The map from frozen features, without any training."""
    visitor.go("Explore")
    visitor.click("Look at them now")
    visitor.wait_for_jobs()
    visitor.go("Explore")
    expect(visitor.map).to_be_visible()


def train_through_a_crash(visitor: Visitor, dashboard: Dashboard, root: Path) -> None:
    """The dashboard is killed while a network trains; the training goes on, and the restarted dashboard finds it."""
    visitor.go("Train")
    visitor.train({"Epochs": "40", "Size (pixels)": "32"})
    visitor.says("RankMe")
    first = visitor.page.get_by_text("The first epoch has not ended yet")
    expect(first).to_have_count(0, timeout=120_000)
    visitor.picture("train")
    dashboard.kill()
    dashboard.start()
    visitor.page.goto(dashboard.url("jobs", root))
    visitor.says(re.compile("simclr", re.IGNORECASE))
    visitor.picture("jobs")
    expect(visitor.page.locator(".strip .job")).to_have_count(
        0, timeout=400_000
    )  # training, embedding and map are done
    visitor.go("Train")
    visitor.page.get_by_test_id("stButtonGroup").get_by_text("train-simclr-1").click()
    visitor.says("Open the map")
    visitor.picture("trained")


def label(visitor: Visitor, truth: dict[str, str], classes: list[str], keys: dict[str, str]) -> None:
    """Eighteen suggested images by key, one too many taken back."""
    visitor.go("Explore")
    visitor.select("Embedding", "imagenet_lite0")
    visitor.go("Label")
    for name in classes:
        visitor.add_class(name)
    visitor.settle()
    visitor.go("Label")
    visitor.sign("Dr Demo")
    visitor.label_by_key(truth, keys, BY_KEY)
    visitor.strip_says(f"{BY_KEY} labelled")
    visitor.page.keyboard.press("1")
    visitor.strip_says(f"{BY_KEY + 1} labelled")
    visitor.page.keyboard.press("Control+z")
    visitor.strip_says(f"{BY_KEY} labelled")
    visitor.settle()
    visitor.picture("label")


def explore(visitor: Visitor) -> None:
    visitor.go("Explore")
    expect(visitor.map).to_be_visible()
    visitor.lasso(0.02, 0.5, 0.98, 0.98)
    expect(visitor.page.get_by_text("selected").first).to_be_visible()
    visitor.picture("explore")


def review(visitor: Visitor, root: Path) -> int:
    """Accept, undo, accept again; returns how many images are labelled by hand."""
    visitor.go("Review")
    visitor.slide("Sure from", -THRESHOLD_STEPS)
    visitor.picture("review")
    visitor.click(re.compile("^Accept .* sure image"))
    visitor.strip_says("accepted")
    visitor.click(re.compile("Undo"))
    expect(visitor.page.locator(".strip")).not_to_contain_text("accepted")
    visitor.settle()
    visitor.click(re.compile("^Accept .* sure image"))
    visitor.strip_says("accepted")
    labels = LabelStore(open_project(root)).current()
    return int((labels["how"] != "accepted").sum())


def quality(visitor: Visitor, truth: Path) -> None:
    visitor.go("Quality")
    visitor.picture("enough")
    visitor.page.get_by_test_id("stButtonGroup").get_by_text("How good").click()
    visitor.page.get_by_label("Table of the truth").fill(f"~/{truth.parent.name}/{truth.name}")
    visitor.click("Compare")
    visitor.says(re.compile("balanced accuracy", re.IGNORECASE))
    visitor.settle()
    visitor.picture("quality")


def export(visitor: Visitor, root: Path) -> pd.DataFrame:
    visitor.go("Export")
    visitor.click(re.compile("Export$"))
    visitor.says("images written to")
    visitor.settle()
    visitor.picture("export")
    for screen in ("Few-shot demo", "Help", "Project"):
        visitor.go(screen)
        visitor.picture(screen.lower().replace(" ", "-"))
    written = list((root / "exports").glob("*.csv"))
    assert len(written) == 1
    return pd.read_csv(written[0])
