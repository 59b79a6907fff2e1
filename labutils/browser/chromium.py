"""A Chromium that is on this machine, whichever: Debian's, Google's, Microsoft's or Playwright's own."""

import contextlib
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHANNELS = ("chrome", "msedge")  # where Playwright looks for Chrome and Edge as their installers put them
QUIET = [  # it draws without a graphics card, and asks nobody for news
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_ONE = "python3 -m labutils exec playwright install chromium, or on Debian apt-get install chromium"
LAPTOP = {"width": 1366, "height": 768}


class NoBrowser(Exception):
    """There is no Chromium on this machine; the message says how to get one."""


@contextlib.contextmanager
def chromium():
    """Start a Chromium without windows; close it at the end.

    Yields
    ------
    playwright.sync_api.Browser

    Raises
    ------
    NoBrowser
    playwright.sync_api.Error
        One is there, but does not start.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = _launch(playwright.chromium)
        try:
            yield browser
        finally:
            browser.close()


def _launch(kind):
    from playwright.sync_api import Error

    found = [path for path in map(shutil.which, NAMES) if path]
    ways = [{"executable_path": path} for path in found] + [{}] + [{"channel": channel} for channel in CHANNELS]
    for way in ways:
        try:
            return kind.launch(args=QUIET, timeout=60_000, **way)
        except Error as error:
            if "doesn't exist" not in error.message and "is not found" not in error.message:
                raise
    raise NoBrowser(f"No Chromium, Chrome or Edge was found. To get one: {HOW_TO_GET_ONE}")
