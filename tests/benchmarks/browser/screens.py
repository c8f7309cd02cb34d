"""Every screen with many images: seconds to its first paint and until it can be used, the first time and again.

Cold: a server that has just been started and a browser that knows nothing, by a deep link. Warm: the same page comes
back to the screen through the menu; the median of several times. First paint is the browser's own first contentful
paint, warm the screen's title. Usable: no script runs, nothing is stale, and the main thing of the screen is there with
the pictures in sight loaded. The server's work is the processor time of one warm visit, which other work on the machine
does not lengthen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from tests.benchmarks.browser.apparatus import Place, click, new_page, place, wait
from tests.benchmarks.browser.synthetic import Material


@dataclass(frozen=True)
class Screen:
    """One screen of the menu."""

    title: str  # in the menu
    address: str
    head: str  # its title
    main: str  # selector of its main thing


BUTTON = "[data-testid=stMain] [data-testid=stButton]"
PROJECT = Screen("Project", "", "Projects", ".film img")
HELP = Screen("Help", "help", "Help", "h1")
SCREENS = [
    PROJECT,
    Screen("Data", "data", "Data", ".sheet img"),
    Screen("Slides", "slides", "Slides", "h1"),
    Screen("Prior", "prior", "Prior", "[data-testid=stCheckbox]"),
    Screen("Train", "train", "Train", BUTTON),
    Screen("Compare", "compare", "Compare", "h1"),
    Screen("Jobs", "jobs", "Jobs", "h1"),
    Screen("Explore", "explore", "Explore", ".map[data-ready], .tile img"),
    Screen("Label", "label", "Label", ".stage .picture, .film .shown img"),
    Screen("Review", "review", "Review", ".tile img"),
    Screen("Quality", "quality", "Quality", ".js-plotly-plot .main-svg"),
    Screen("Export", "export", "Export", BUTTON),
    Screen("Few-shot demo", "few_shot", "Few-shot demo", "[data-testid=stMain] img"),
    HELP,
]
HEADED = 'head() === argument.head && location.pathname.replaceAll("/", "") === argument.address'
USABLE = f"{HEADED} && settled() && drawn(argument.main)"
LINK = "[data-testid=stSidebarNavLink]"


def measure_screens(browser: Browser, cache: Path, material: Material, repeats: int) -> dict[str, dict[str, float]]:
    """Seconds by screen for one project."""
    cold = {screen.title: cold_visit(browser, cache, material, screen) for screen in SCREENS}
    with place(cache) as at, new_page(browser) as page:
        warm = {screen.title: warm_visits(at, page, material, screen, repeats) for screen in SCREENS}
    return {screen.title: {**cold[screen.title], **warm[screen.title]} for screen in SCREENS}


def cold_visit(browser: Browser, cache: Path, material: Material, screen: Screen) -> dict[str, float]:
    """By a deep link to a server that has read nothing."""
    with place(cache) as at, new_page(browser) as page:
        page.goto(at.address(screen.address, material.project.root), wait_until="commit")
        usable = wait(page, USABLE, asdict(screen))
        painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
        return {"cold_paint": round(painted, 2), "cold_usable": round(usable, 2)}


def warm_visits(at: Place, page: Page, material: Material, screen: Screen, repeats: int) -> dict[str, float]:
    """Through the menu, having been there before."""
    elsewhere = PROJECT if screen is HELP else HELP
    page.goto(at.address(screen.address, material.project.root), wait_until="commit")
    wait(page, USABLE, asdict(screen))
    paint, usable, work = [], [], []
    for _ in range(repeats):
        visit(page, elsewhere)
        before = at.work()
        painted, used = visit(page, screen)
        paint.append(painted)
        usable.append(used)
        work.append(at.work() - before)
    return {
        "warm_paint": round(median(paint), 2),
        "warm_usable": round(median(usable), 2),
        "server_work": round(median(work), 2),
    }


def visit(page: Page, screen: Screen) -> tuple[float, float]:
    """Through the menu: seconds to the screen's title, and until it can be used."""
    began = click(page, LINK, screen.title)
    painted = wait(page, HEADED, asdict(screen)) - began
    return painted, wait(page, USABLE, asdict(screen)) - began
