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


def test_a_share_that_is_raised_keeps_its_value_and_the_others_make_room(
    open_screen: OpenScreen, project: Project
) -> None:
    save_choice(project, [group("patient", 0.5), group("slide", 0.5)])
    app = open_screen("prior", project)
    app.number_input(key="prior-same_group-share").set_value(0.8).run()
    assert kept(project) == [("patient", 0.8), ("slide", 0.2)]
    assert app.number_input(key="prior-same_group-1-2-share").value == 0.2
    assert not app.warning and not app.exception


def test_a_second_prior_leaves_the_shares_at_100_percent(open_screen: OpenScreen, project: Project) -> None:
    save_choice(project, [PriorSpec("magnification", {"share": 1.0})])
    app = open_screen("prior", project)
    app.toggle(key="use-same_patient").set_value(True).run()
    shares = {
        spec.name: prior.share
        for spec, prior in zip(read_choice(project), build_priors(read_choice(project)), strict=True)
    }
    assert shares == {"magnification": 0.66, "same_patient": 0.33}
    assert not app.warning and not app.exception
