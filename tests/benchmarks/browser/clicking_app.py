"""The usual way to label with Streamlit: an image, a button for each class, one click an image.

$CLICKING holds {"images": [paths], "classes": [names], "log": path} as JSON; each label is a line of the log, on disk
before the next image shows.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import streamlit as st

asked = json.loads(Path(os.environ["CLICKING"]).read_text())


def keep(image: str, name: str) -> None:
    with Path(asked["log"]).open("a") as log:
        log.write(json.dumps([image, name]) + "\n")
        log.flush()
        os.fsync(log.fileno())
    st.session_state["place"] = st.session_state.get("place", 0) + 1


st.title("Which tissue is this?")
place = st.session_state.get("place", 0)
if place == len(asked["images"]):
    st.write("Done.")
    st.stop()
image = asked["images"][place]
st.image(image, width=500)
for column, name in zip(st.columns(len(asked["classes"])), asked["classes"], strict=True):
    column.button(name, on_click=keep, args=(image, name), width="stretch")
st.markdown(f"image {place}")
