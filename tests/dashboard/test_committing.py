"""A button that commits: nothing that happens to its run can keep the work from being done."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def screen() -> None:
    import streamlit as st

    from dashboard import state
    from dashboard.parts.committing import commit_button, tell_refusal
    from engine.errors import EngineError

    def commit() -> str:
        if st.session_state.get("full"):
            raise EngineError("The disk is full. Free some space and press again.")
        st.session_state["done"] = st.session_state.get("done", 0) + 1
        return "Accepted 3 answers."

    state.show_notices()
    tell_refusal()
    if st.session_state.get("overtaken"):
        st.stop()
    commit_button("Accept", commit, key="accept")
    name = st.text_input("Name", "Ana", key="name")

    def sign() -> str:
        if st.session_state.pop("overtaken while signing", False):
            st.rerun()
        if st.session_state.get("nothing to sign"):
            st.stop()
        return f"Signed {name}."

    commit_button("Sign", sign, waits=True, key="sign")


def opened() -> AppTest:
    return AppTest.from_function(screen, default_timeout=30).run()


def test_it_is_done_once_and_said() -> None:
    app = opened()
    app.button(key="accept").click().run()
    assert app.session_state["done"] == 1
    assert [toast.value for toast in app.toast] == ["Accepted 3 answers."]
    app.run()
    assert app.session_state["done"] == 1 and not app.toast


def test_it_is_done_though_its_run_does_not_come_to_the_button() -> None:
    app = opened()
    app.session_state["overtaken"] = True
    app.button(key="accept").click().run()
    assert app.session_state["done"] == 1


def test_a_refusal_is_said_where_it_can_be_read_and_once() -> None:
    app = opened()
    app.session_state["full"] = True
    app.button(key="accept").click().run()
    assert [card.value for card in app.warning] == ["The disk is full. Free some space and press again."]
    assert not app.toast and "done" not in app.session_state
    assert not app.run().warning


def test_what_is_made_of_fields_waits_for_the_run_that_has_read_them() -> None:
    app = opened()
    app.session_state["overtaken"] = True
    app.text_input(key="name").set_value("Ben")
    app.button(key="sign").click().run()
    assert not app.toast
    app.session_state["overtaken"] = False
    assert [toast.value for toast in app.run().toast] == ["Signed Ben."]
    assert not app.run().toast


def test_long_work_that_is_overtaken_is_begun_again() -> None:
    app = opened()
    app.session_state["overtaken while signing"] = True
    app.button(key="sign").click().run()
    assert "overtaken while signing" not in app.session_state
    assert [toast.value for toast in app.toast] == ["Signed Ana."]
    assert not app.run().toast


def test_work_that_ends_its_run_by_itself_is_not_begun_again() -> None:
    app = opened()
    app.session_state["nothing to sign"] = True
    app.button(key="sign").click().run()
    app.session_state["nothing to sign"] = False
    assert not app.run().toast
