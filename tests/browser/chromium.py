"""Which browser the tests drive: an installed Chromium or Chrome, else Playwright's own, else Debian's package.

Run as a script it makes sure that there is one (`make test` does so first) and says which.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (  # where macOS and Windows keep a browser that is not on the PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = [
    "--no-sandbox",  # tests run as root in containers, where the sandbox cannot start
    "--disable-gpu",  # the page is drawn by the processor, as a browser does where there is no graphics card,
    "--enable-unsafe-swiftshader",  # with WebGL2 all the same
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHOUT_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""  # a page's script, as where an administrator has switched it off


def find_browser() -> str | None:
    """Path of a browser that can be driven, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for path in (*APPLICATIONS, _playwrights_own()):
        if path and Path(path).exists():
            return path
    return None


def install_browser() -> str | None:
    """Debian's chromium, where this user may install packages; None where not."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
    subprocess.run(install, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=sys.stderr)
    return find_browser()


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


if __name__ == "__main__":
    browser = find_browser() or install_browser()
    print(
        f"Browser for the tests: {browser}" if browser else "No browser can be had: the browser tests will be skipped."
    )
