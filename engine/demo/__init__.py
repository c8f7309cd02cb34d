"""Synthetic H&E-like tissue to try Handful with: six tissues that differ in structure, patients that differ in stain.

plan (which tiles) → regions (which tissue where) → tissue/ (dye, tissue by tissue) → cells (nuclei) → stain (colour) →
make (files). Everything is drawn as optical density of two dyes and only then coloured, as light through a section is.
"""

from engine.demo.make import Truth, make_demo
from engine.demo.open import demo_project, is_demo, open_demo

__all__ = ["Truth", "demo_project", "is_demo", "make_demo", "open_demo"]
