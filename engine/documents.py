"""Documents made from the registries: catalogue.json, the tables of README.md and MEASURED.md; held by a test.

A table stands between `<!-- methods -->` and `<!-- end -->`, for every kind in the catalogue that a page names so,
and one between `<!-- results NAME -->` and `<!-- end -->` for the benchmark in tests/benchmarks/results/NAME.json:
the result of a bench, or {"tables": [{"caption", "heads", "lines"}]} as another benchmark wrote them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from engine import catalogue, files
from engine.bench.table import as_markdown, caption, markdown
from engine.catalogue import Card
from engine.errors import EngineError

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "MEASURED.md")
RESULTS = ROOT / "tests" / "benchmarks" / "results"


def write_documents() -> None:
    """Write catalogue.json and the tables of all pages from what is registered now."""
    for path, text in _documents().items():
        files.write_text(path, text)


def check_documents() -> None:
    """Raises EngineError where a document differs from what the registries say."""
    stale = [path.name for path, text in _documents().items() if not path.exists() or path.read_text("utf-8") != text]
    if stale:
        raise EngineError(f"{' and '.join(stale)} differ from the registries. Run: make write-docs")


def _documents() -> dict[Path, str]:
    cards = catalogue.make_catalogue()
    listed = json.dumps({**cards, "families": catalogue.make_families()}, indent=1, ensure_ascii=False)
    pages = {path: _with_results(_with_tables(path.read_text("utf-8"), cards)) for path in PAGES}
    return {catalogue.PATH: f"{listed}\n", **pages}


def _with_tables(text: str, cards: dict[str, list[Card]]) -> str:
    for kind, listed in cards.items():
        table = ["| name | what it is | source |", "|---|---|---|"]
        table += [f"| `{card['name']}` | {card['title']}: {card['summary']} | {card['source']} |" for card in listed]
        block = f"<!-- {kind} -->\n" + "\n".join(table) + "\n<!-- end -->"
        text = re.sub(rf"<!-- {kind} -->.*?<!-- end -->", lambda _, block=block: block, text, flags=re.DOTALL)  # type: ignore[misc]
    return text


def _with_results(text: str) -> str:
    """The text with the table of every benchmark that it names.

    Raises:
        EngineError: it names one whose result is not there.
    """

    def block(name: re.Match[str]) -> str:
        path = RESULTS / f"{name[1]}.json"
        if not path.exists():
            raise EngineError(f"A page shows the benchmark {name[1]}, but there is no {path.name} in {RESULTS.name}/.")
        results = files.read_json(path)
        shown = "\n\n".join(_shown(one) for one in results.get("tables", [results]))
        return f"<!-- results {name[1]} -->\n{shown}\n<!-- end -->"

    return re.sub(r"<!-- results ([\w-]+) -->.*?<!-- end -->", block, text, flags=re.DOTALL)


def _shown(results: dict[str, Any]) -> str:
    """A caption and a table: as they stand, or those of a bench."""
    if "heads" in results:
        return f"{results['caption']}\n\n{markdown(results['heads'], results['lines'])}"
    return f"{caption(results)}\n\n{as_markdown(results)}"
