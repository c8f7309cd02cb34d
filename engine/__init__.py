"""Handful's engine: from a folder of images and a handful of labels to a labelled data set. Never imports streamlit."""

__version__ = "0.1.0"
