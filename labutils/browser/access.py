"""Whether everybody can use what a page shows: what axe finds, and where the keyboard leads."""

import contextlib

MOVE = 2000  # milliseconds that the focus may take to its next place
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RESULTS = ["violations", "passes"]

# Where one can stop with Tab, in the order of the page; of a group of radio buttons the chosen one.
STOPS = """
root => [...root.querySelectorAll(
  'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]'
)].filter(
  stop => (stop.tabIndex >= 0 || stop.isContentEditable) && !stop.disabled && !(stop.type === 'radio' && !stop.checked)
    && stop.checkVisibility({visibilityProperty: true})
)
"""

# The one that has the focus: which it is, -1 for one outside, and where.
FOCUSED = """
root => {
  const stop = document.activeElement, {top, bottom, left, right} = stop.getBoundingClientRect();
  return {number: (STOPS)(root).indexOf(stop), top, bottom, left, right, html: stop.outerHTML.slice(0, 200)};
}
""".replace("STOPS", STOPS.strip())


def violations(page, selector):
    """What axe finds wrong (WCAG 2.2, levels A and AA) inside the elements that a selector finds.

    Parameters
    ----------
    page : playwright.sync_api.Page
    selector : str

    Returns
    -------
    list of str
        A line for each element and rule.

    Raises
    ------
    ValueError
        The selector finds nothing, or nothing that axe could judge.
    """
    from axe_playwright_python.sync_playwright import Axe

    if not page.locator(selector).count():
        raise ValueError(f"there is no {selector} in the page to be judged")
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": RESULTS}
    found = Axe().run(page, [selector], options).response
    if not found["violations"] and not found["passes"]:
        raise ValueError(f"axe had nothing to judge in {selector}")
    return [
        f"{rule['id']}: {node['html'][:200]} ({' '.join(node['failureSummary'].split())})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def keyboard_stops(page, root):
    """Go through an element with Tab.

    Parameters
    ----------
    page : playwright.sync_api.Page
    root : playwright.sync_api.Locator

    Returns
    -------
    (list of dict, int)
        Each stop as it came: its ``number`` in the order of the page, its place (``top``, ``bottom``, ``left``,
        ``right``), its ``html``. And how many stops there are.
    """
    from playwright.sync_api import TimeoutError as TooLate

    count = root.evaluate(f"root => ({STOPS})(root).length")
    if count:
        root.evaluate(f"root => ({STOPS})(root)[0].focus()")
    stops = []
    while count and len(stops) <= count:
        focused = root.evaluate(FOCUSED)
        if focused["number"] < 0:
            break
        stops.append(focused)
        before = page.evaluate_handle("document.activeElement")
        page.keyboard.press("Tab")
        with contextlib.suppress(TooLate):  # a busy page moves on late; one that does not is told by its number
            page.wait_for_function("before => document.activeElement !== before", arg=before, timeout=MOVE)
    return stops, count
