"""What MEASURED.md shows of the results: a caption, heads and lines for each table."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.browser.soak import HOUR

Table = dict[str, Any]
FACTS = (
    ("open", "open, s"),
    ("lasso", "lasso, s"),
    ("hover", "hover card, s"),
    ("frame_ms_p95", "frame while zooming, ms"),
)
RATES = {
    "labels_per_second_of_the_machine": "machine alone",
    "labels_per_second_with_looks": "with looks",
    "labels_per_second": "with looks and hand",
}


def tables(results: dict[str, Any]) -> list[Table]:
    """Of the parts that were measured."""
    makers = {"labelling": labelling, "maps": maps, "screens": screens, "soak": soak, "others": others}
    return [make(results[part]["results"]) for part, make in makers.items() if part in results]


def screens(found: dict[str, dict[str, dict[str, float]]]) -> Table:
    """Screens down, numbers of images across: seconds until usable, first and again."""
    counts = list(found)
    heads = ["screen", *(f"first visit, {int(one):,}" for one in counts), *(f"again, {int(one):,}" for one in counts)]
    lines = [
        [title, *(f"{found[one][title]['cold_usable']:.1f}" for one in counts),
         *(f"{found[one][title]['warm_usable']:.1f}" for one in counts)]
        for title in found[counts[0]]
    ]  # fmt: skip
    caption = (
        "Seconds until a screen can be used, by the number of images: on the first visit to a server that has just "
        "been started, and on coming back."
    )
    return {"caption": caption, "heads": heads, "lines": lines}


def maps(found: dict[str, dict[str, dict[str, float] | None]]) -> Table:
    """Points down; ours, ours without WebGL2 and Plotly's across."""
    lines = [
        [f"{int(count):,}", *(" / ".join(said(one, fact) for one in ways.values()) for fact, _ in FACTS)]
        for count, ways in found.items()
    ]
    caption = (
        "Our map / our map in a browser without WebGL2 / `st.plotly_chart`, the same points, drawn without a graphics "
        "card; – where it gave no answer."
    )
    return {"caption": caption, "heads": ["points", *(head for _, head in FACTS)], "lines": lines}


def said(measured: dict[str, float] | None, fact: str) -> str:
    if measured is None:
        return "–"
    return f"{measured[fact]:.0f}" if fact.endswith("p95") else f"{measured[fact]:.2f}"


def labelling(found: dict[str, dict[str, float]]) -> Table:
    """Ways down; labels a second, times the usual way, and how many are right."""
    usual = next(iter(found.values()))
    lines = [
        [way, *(f"{one[rate]:.1f} ({one[rate] / usual[rate]:.1f}x)" for rate in RATES), f"{one['labels']:,.0f}",
         f"{one['right']:.1%}"]
        for way, one in found.items()
    ]  # fmt: skip
    caption = (
        "Labels a second, and times those of the usual way, by a simulated person who knows the truth: the machine "
        "alone; with 0.3 s to look at an image or a screenful and 0.05 s more for each thumbnail of it; and with the "
        "time of the hand by the keystroke-level model (0.28 s a key, 1.4 s to point and click, 0.4 s between mouse "
        "and keyboard, 4 s and more for an outline)."
    )
    return {"caption": caption, "heads": ["way", *RATES.values(), "labels", "right"], "lines": lines}


def soak(found: dict[str, Any]) -> Table:
    """The server and a page down; what each holds, and how it grows in an hour."""
    names = {"server": "the server's process", "heap": "objects of a page that stays open"}
    lines = [
        [said, f"{one['held_mb']:,.0f}", f"{one['grows_mb']:+.1f} ± {one['half_interval_mb']:.1f}"]
        for name, said in names.items()
        if (one := found.get(name))
    ]
    caption = (
        f"Memory over {found['acts']:,} acts in {found['sessions']} sessions with {found['images']:,} images (a busy "
        f"person's hour is {HOUR:,} acts): MB held in the second half, and growth in an hour by its slope, with a 95 % "
        "interval."
    )
    return {"caption": caption, "heads": ["what", "held, MB", "growth in an hour, MB"], "lines": lines}


def others(found: dict[str, dict[str, dict[str, Any] | None]]) -> Table:
    """Numbers of images and tools down; what each took, and what its server holds."""
    facts = {"made": "dataset made, s", "open": "open, s", "lasso": "lasso, s", "label": "label, s"}
    lines = [
        [
            f"{int(count):,}",
            f"{tool} {one['version']}",
            *(f"{one[fact]:.1f}" for fact in facts),
            f"{one['memory_mb']:,}",
        ]
        for count, tools in found.items()
        for tool, one in tools.items()
        if one
    ]
    caption = (
        "The same images with the same map and a grid beside it, in the same browser without a graphics card: the "
        "dataset made of the folder, vectors and points (ours with thumbnails, measures of quality, near duplicates "
        "and neighbours); opened by a browser that knows nothing, until map and thumbnails are drawn; a third of the "
        "map outlined, until the grid shows it; all of that given a class (ours) or a tag (theirs), until it is "
        "stored; and what the server's processes then hold. The hand's time is not counted."
    )
    return {"caption": caption, "heads": ["images", "tool", *facts.values(), "memory, MB"], "lines": lines}
