"""Every setting of every method, prior and training survives JSON, the command line and the dashboard's form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine import catalogue
from engine.catalogue import card_settings
from engine.cli.assign import train_request
from engine.jobs.request import TrainRequest, from_json
from engine.methods import METHODS
from engine.priors import PRIORS, build_priors
from engine.settings import Setting, build, settings_of
from engine.train.config import TrainConfig

NAMES = list(METHODS)


def other_value(setting: Setting) -> Any:
    """A legal value that is not the default."""
    if setting.choices:
        return next(choice for choice in reversed(setting.choices) if choice != setting.default)
    if setting.type == "bool":
        return not setting.default
    if setting.type == "int":
        return (
            setting.default + 1 if setting.maximum is None or setting.default < setting.maximum else setting.default - 1
        )
    if setting.type == "str":
        return "patient" if setting.default != "patient" else "slide"
    low = setting.minimum if setting.minimum is not None else 0.0
    return (setting.default + low) / 2 if setting.default != low else (low + (setting.maximum or 1.0)) / 2


def changed(name: str) -> dict[str, Any]:
    """Every setting of a method at another value than its default."""
    settings = card_settings(catalogue.card("methods", name))
    return {setting.name: other_value(setting) for setting in settings}


@pytest.mark.parametrize("name", NAMES)
def test_a_request_is_the_same_after_json(name: str) -> None:
    request = TrainRequest(method=name, method_settings=changed(name), training={"epochs": 3, "batch": 64})
    again = from_json(json.loads(json.dumps(request.as_json())))
    assert again == request
    assert build(METHODS[name].Config, again.method_settings) == build(METHODS[name].Config, changed(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_gives_the_same_settings(name: str) -> None:
    typed = {f"{name}.{key}": str(value) for key, value in changed(name).items()}
    request = train_request(name, ["augmentation"], "nano", "random", "", typed)
    assert build(METHODS[name].Config, request.method_settings) == build(METHODS[name].Config, changed(name))


TRAINING = [setting for setting in settings_of(TrainConfig) if setting.name != "steps"]


def test_every_setting_of_a_training_survives_json_and_the_command_line() -> None:
    values = {setting.name: other_value(setting) for setting in TRAINING}
    typed = train_request("simclr", ["augmentation"], "nano", "random", "", {k: str(v) for k, v in values.items()})
    again = from_json(json.loads(json.dumps(typed.as_json())))
    assert isinstance(again, TrainRequest)
    assert again.config == typed.config == build(TrainConfig, values) != TrainConfig()


def test_every_setting_of_every_prior_survives_json_and_the_command_line() -> None:
    for name in PRIORS:
        values = {one.name: other_value(one) for one in card_settings(catalogue.card("priors", name))}
        line = ":".join([name, *(f"{key}={value}" for key, value in values.items())])
        typed = train_request("simclr", [line], "nano", "random", "", {})
        again = from_json(json.loads(json.dumps(typed.as_json())))
        assert isinstance(again, TrainRequest)
        assert build_priors(again.priors) == build_priors(typed.priors) == [PRIORS[name].from_settings(values)]


def test_several_priors_of_one_kind_keep_their_weights() -> None:
    lines = ["same_group:patient:share=0.4", "same_group:slide:share=0.3", "augmentation:natural"]
    again = from_json(json.loads(json.dumps(train_request("simclr", lines, "nano", "random", "", {}).as_json())))
    assert isinstance(again, TrainRequest)
    assert [prior.share for prior in build_priors(again.priors)] == [0.4, 0.3, 0]
    assert [prior.describe() for prior in build_priors(again.priors)] == ["same patient", "same slide", "natural views"]


def draw_forms() -> None:
    import streamlit as st

    from dashboard.parts.forms import config_form
    from engine import catalogue
    from engine.catalogue import card_settings
    from tests.contracts.test_settings import NAMES, changed

    for name in NAMES:
        settings = card_settings(catalogue.card("methods", name))
        st.session_state[f"given {name}"] = config_form(settings, name, changed(name))
        st.session_state[f"untouched {name}"] = config_form(settings, f"{name}-untouched")


def test_the_form_gives_back_what_it_is_given_and_nothing_where_nothing_is_changed() -> None:
    app = AppTest.from_function(draw_forms, default_timeout=60).run()
    assert not app.exception
    for name in NAMES:
        assert app.session_state[f"given {name}"] == pytest.approx(changed(name)) or not changed(name)
        assert app.session_state[f"untouched {name}"] == {}
