"""The documents say what the tree holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def parts() -> list[str]:
    """Every folder and file directly in engine/ and dashboard/, as the tree in ARCHITECTURE.md names them."""
    entries = [path for top in ("engine", "dashboard") for path in sorted((ROOT / top).iterdir())]
    return [entry.name for entry in entries if not entry.name.startswith(("__", "."))]


@pytest.mark.parametrize("name", parts())
def test_the_architecture_names_every_part(name: str) -> None:
    assert name.removesuffix(".py") in ARCHITECTURE


@pytest.mark.parametrize("document", ["README.md", "MEASURED.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_every_link_to_a_file_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in target:
            assert (ROOT / target).exists(), f"{document} points at {target}"


def test_the_readme_shows_the_two_commands_first() -> None:
    assert README.index("make run") < README.index("make test") < README.index("pip install")
