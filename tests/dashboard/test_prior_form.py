"""Several priors at once on the Prior screen: each its share, one of any column several times, shares made to fit."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from engine.priors import PriorSpec, build_priors
from engine.priors.choice import read_choice, save_choice
from engine.project import Project

OpenScreen = Callable[..., AppTest]


def group(column: str, share: float) -> PriorSpec:
    return PriorSpec("same_group", {"column": column, "share": share})


def kept(project: Project) -> list[tuple[str, float]]:
    """The groups that are chosen, with their shares."""
    chosen = [spec for spec in read_choice(project) if spec.name == "same_group"]
    return [(spec.settings["column"], prior.share) for spec, prior in zip(chosen, build_priors(chosen), strict=True)]


def test_a_second_column_can_be_added_weighted_and_taken_off_again(open_screen: OpenScreen, project: Project) -> None:
    save_choice(project, [group("patient", 0.4)])
    app = open_screen("prior", project)
    app.button(key="another").click().run()
    assert not app.exception
    (first, second) = kept(project)
    assert first == ("patient", 0.4) and second[0] != "patient" and second[1] == 0.3  # half of what was left
    app.number_input(key="prior-same_group-1-2-share").set_value(0.5).run()
    assert kept(project) == [first, (second[0], 0.5)]
    app.toggle(key="use-same_group-1").set_value(False).run()
    assert kept(project) == [(second[0], 0.5)]  # the other moved up, as it was
    assert not app.exception


def test_shares_that_do_not_fit_are_not_kept_until_they_are_lowered(open_screen: OpenScreen, project: Project) -> None:
    save_choice(project, [group("patient", 0.5), group("slide", 0.5)])
    app = open_screen("prior", project)
    app.number_input(key="prior-same_group-share").set_value(1.0).run()
    assert kept(project) == [("patient", 0.5), ("slide", 0.5)]
    assert any("sum to 150%" in one.value for one in app.warning)
    app.button(key="fit-shares").click().run()
    assert kept(project) == [("patient", 0.66), ("slide", 0.33)]
    assert not any("sum to" in one.value for one in app.warning) and not app.exception
