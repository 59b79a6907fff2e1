"""What the tests share: digits prepared once a run in folders of their own, and a fresh Python to try things in.

Nothing touches the user's own data folder, artifacts or settings.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tiny_mnist

import labutils  # noqa: F401 - before any test imports TensorFlow, which is quiet then

ROOT = Path(__file__).parents[1]
NAMED_MIRROR = os.environ.get("LABUTILS_MNIST_MIRROR")
MIRROR_BESIDE = ROOT.parent / "shared" / "data" / "mnist"


def pytest_sessionstart(session):
    """Take the user's settings away before any test module is imported, but not from those who start other processes:
    pytest-xdist's workers must find the mirror, too.
    """
    if session.config.getoption("dist", "no") == "no":
        for setting in ("LABUTILS_DIGITS", "LABUTILS_MNIST_MIRROR", "LABUTILS_ARTIFACTS"):
            os.environ.pop(setting, None)


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory):
    """The data folder and the artifacts that a test gets when it names none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFDS_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("LABUTILS_ARTIFACTS", str(tmp_path_factory.mktemp("artifacts")))
        yield


@pytest.fixture(scope="session")
def mnist_mirror():
    """Where the four archives of MNIST are, a path or URL."""
    if not NAMED_MIRROR and not MIRROR_BESIDE.is_dir():
        pytest.skip(f"MNIST is not at hand: there is no {MIRROR_BESIDE}, and LABUTILS_MNIST_MIRROR is not set")
    return NAMED_MIRROR or MIRROR_BESIDE


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder for all processes of a run, in case pytest-xdist has made several."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def mnist_data_dir(shared_folder, mnist_mirror):
    """A data folder with MNIST prepared through TFDS, its decoded arrays included."""
    from labutils import sources

    folder = shared_folder / "mnist"  # of several processes one prepares, and the others wait
    with contextlib.redirect_stdout(None):
        sources.prepare(mnist_mirror, data_dir=folder)
    return folder


@pytest.fixture(scope="session")
def builtin_data_dir(shared_folder):
    """A data folder with the built-in digits prepared through TFDS, their decoded arrays included."""
    from labutils import sources

    folder = shared_folder / "builtin"
    with contextlib.redirect_stdout(None):
        sources.prepare(which="builtin", data_dir=folder)
    return folder


@pytest.fixture
def archives(tmp_path, monkeypatch):
    """A folder with MNIST in miniature, which TFDS takes for MNIST. No network; few and blank built-in digits."""
    from labutils.sources import builtin_digits

    folder = tmp_path / "archives"
    folder.mkdir()
    tiny_mnist.write_archives(folder)
    tiny_mnist.pretend(folder, "http://127.0.0.1:9/", monkeypatch.setattr)
    monkeypatch.setattr(builtin_digits, "VARIATIONS", {"train": 1, "test": 1})
    monkeypatch.setattr(builtin_digits, "vary", lambda original, rng: np.zeros((28, 28), np.uint8))
    return folder


@pytest.fixture
def data_dir(tmp_path):
    """A data folder that is not there yet."""
    return tmp_path / "tfds"


@pytest.fixture
def digits(archives, data_dir):
    """MNIST in miniature, prepared in ``data_dir``."""
    from labutils import sources

    with contextlib.redirect_stdout(None):
        return sources.prepare(archives, data_dir=data_dir)


@pytest.fixture(scope="module")
def browser():
    """A Chromium; the tests that need one are left out where there is none.

    One for each file, which takes half a second: as long as one is there its event loop counts as running, and no other
    test in this process could run a notebook.
    """
    from labutils.browser.chromium import NoBrowser, chromium

    try:
        with chromium() as started:
            yield started
    except NoBrowser as none:
        pytest.skip(str(none))


@pytest.fixture
def show(browser, tmp_path):
    """``show(interactive)`` gives a page with it, alive; no request may leave it, and nothing may go wrong."""
    from interactives import page_of

    wrong, pages = [], []

    def show(*interactives, theme="light", width=1000, **options):
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        pages.append(page)
        page.set_default_timeout(10_000)
        page.route("**", lambda route: route.continue_() if route.request.url == address else refuse(route))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        path = tmp_path / f"{len(pages)}.html"
        address = path.as_uri()
        path.write_text(page_of(*interactives, theme=theme), "utf-8")
        page.goto(address)
        for root in page.locator("[data-labutils]").all():
            root.get_by_role("status").wait_for()
        return page

    def refuse(route):
        wrong.append(f"asks for {route.request.url}")
        route.abort()

    yield show
    for page in pages:
        page.close()
    assert not wrong, wrong


@pytest.fixture(scope="session")
def python():
    """Run code in a fresh Python: ``python(code, NAME=value, ...)`` gives its CompletedProcess, output as text."""

    def run(code, **environment):
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )

    return run


@pytest.fixture(scope="session")
def full_disk():
    """A context as on a full disk: ``with full_disk(room):`` lets files grow to ``room`` bytes and no further."""
    resource = pytest.importorskip("resource", reason="the size of files can be limited on POSIX only")

    @contextlib.contextmanager
    def limited(room):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited
