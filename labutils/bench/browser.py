"""What a reader feels of the interactives: from a move to the new picture in a browser, and what a thousand leave."""

import tempfile
from pathlib import Path

from labutils.bench.measure import Row
from labutils.bootstrap import ROOT

GROUP = "Interactives in a browser"
PAUSE = 100  # milliseconds between two measured moves: none waits for the one before


def rows(rounds, quick):
    """Yield a Row for each interactive, moved 20 times for each round but at least 100 times; one without a browser."""
    from labutils.browser.chromium import LAPTOP, NoBrowser, chromium
    from labutils.browser.interactives import INTERACTIVES
    from labutils.browser.jupyterlab import copy_notebooks, jupyterlab
    from labutils.browser.notebook import opened

    names = list(dict.fromkeys(held.notebook for held in INTERACTIVES))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder, "lab")
        folder.mkdir()
        copy_notebooks([ROOT / "notebooks" / f"{name}.ipynb" for name in names], folder)
        try:
            with chromium() as browser, jupyterlab(folder, LABUTILS_ARTIFACTS=folder.parent) as server:
                for name in names[:1] if quick else names:
                    with opened(browser, server, f"{name}.ipynb", LAPTOP) as notebook:
                        notebook.run_all(600)
                        for held in INTERACTIVES:
                            if held.notebook == name:
                                yield _row(held, notebook, 20 if quick else max(100, 20 * rounds), quick)
        except NoBrowser as none:
            yield Row(GROUP, "not measured", note=str(none))


def _row(held, notebook, count, quick):
    root = notebook.interactive(held.name)
    with held.moving(notebook) as move:
        move()  # the first one may have to load something
        notebook.page.wait_for_timeout(1000)
        seconds = []
        for _ in range(count):
            seconds.append(notebook.milliseconds_to_picture(root, move))
            notebook.page.wait_for_timeout(PAUSE)
    unanswered = seconds.count(None)
    row = Row(GROUP, held.name.removeprefix("labutils-"), [each / 1000 for each in seconds if each is not None])
    notes = [f"{unanswered} of {count} moves changed nothing"] * bool(unanswered)
    row.note = "; ".join([*notes, _memory(held, notebook, 100 if quick else 1000), *_access(held, notebook, root)])
    return row


def _memory(held, notebook, count):
    before = notebook.page_memory(), notebook.kernel_memory()
    with held.moving(notebook) as move:
        for _ in range(count):
            move()
    notebook.ask("None")  # when it answers, it has done all that was asked before
    after = notebook.page_memory(), notebook.kernel_memory()
    told = (
        f"{name} {one / 1e6:.1f} to {other / 1e6:.1f} MB"
        for name, one, other in zip(("page", "kernel"), before, after, strict=True)
    )
    return f"{', '.join(told)} by {count:,} moves"


def _access(held, notebook, root):
    from labutils.browser.access import keyboard_stops, violations

    stops, count = keyboard_stops(notebook.page, root)
    reached = [stop["number"] for stop in stops] == list(range(count))
    yield f"keyboard: {f'all {count} stops' if reached else 'NOT all stops in order'}"
    found = []
    for theme in ("dark", "light"):
        notebook.use_theme(theme)
        found += violations(notebook.page, f".{held.name}")
    yield f"axe: {f'{len(found)} violations' if found else 'passed, light and dark'}"
