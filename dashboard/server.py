"""The server: `streamlit run dashboard/server.py`. Streamlit's own pages plus our routes for thumbnails and points."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # `streamlit run` puts only this folder on the path

import streamlit as st

from dashboard.memory import return_freed_memory
from dashboard.parts.trouble import show_trouble
from dashboard.routes import ROUTES
from dashboard.sockets import send_at_once

return_freed_memory()
send_at_once()
app = st.App(Path(__file__).with_name("app.py"), routes=ROUTES, on_script_error=show_trouble)
