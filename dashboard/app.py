"""The shell around every screen: theme, logo, navigation, strip, guide, and the one `except EngineError`."""

from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.parts.committing import follow_press, forget_press, tell_refusal
from dashboard.parts.contradicted import hear_others
from dashboard.parts.guide_line import guide_line
from dashboard.parts.strip import strip
from dashboard.parts.trouble import show_trouble
from engine.errors import EngineError

ASSETS = Path(__file__).resolve().parent.parent / "assets"

SCREENS = {  # group → screens in the order of the work: file, title, icon
    "Data": [
        ("project", "Project", "folder_open"),
        ("data", "Data", "photo_library"),
        ("slides", "Slides", "layers"),
        ("prior", "Prior", "hub"),
    ],
    "Learn": [
        ("train", "Train", "model_training"),
        ("compare", "Compare", "compare"),
        ("jobs", "Jobs", "pending_actions"),
    ],
    "Label": [
        ("explore", "Explore", "scatter_plot"),
        ("label", "Label", "label"),
        ("review", "Review", "fact_check"),
        ("quality", "Quality", "verified"),
    ],
    "Share": [
        ("export", "Export", "ios_share"),
        ("few_shot", "Few-shot demo", "school"),
        ("help", "Help", "help"),
    ],
}


def navigation() -> st.Page:
    """The menu; returns the screen that is asked for."""
    pages = {
        group: [
            st.Page(
                f"screens/{name}.py",
                title=title,
                icon=f":material/{icon}:",
                url_path=name,
                default=name == "project",
            )
            for name, title, icon in screens
        ]
        for group, screens in SCREENS.items()
    }
    return st.navigation(pages, expanded=True)


st.set_page_config(page_title="Handful", page_icon=str(ASSETS / "icon.svg"), layout="wide")
st.html(ASSETS / "theme.css")
st.logo(ASSETS / "logo.svg", size="large", icon_image=ASSETS / "icon.svg")
state.restore()
screen = navigation()
follow_press(screen.url_path or "project")
state.show_notices()
try:
    opened = state.project_or_none()
    state.restore_selection()
    tell_refusal()
    hear_others(opened)
    strip(opened)
    guide_line(opened, screen.url_path)
    screen.run()
except EngineError as error:
    show_trouble(error)
forget_press()
