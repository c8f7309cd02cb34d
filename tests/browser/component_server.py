"""The server of component_app.py: Streamlit's pages and our routes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # `streamlit run` puts only this folder on the path

import streamlit as st

from dashboard.routes import ROUTES

app = st.App(Path(__file__).with_name("component_app.py"), routes=ROUTES)
