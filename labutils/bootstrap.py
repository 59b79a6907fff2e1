"""Sees to it that a command runs where the lab's packages are. Standard library only.

A Python that has the packages already (venv, conda, Colab, Docker) is used as it is, and nothing is installed
into it. Any other gets the lab an environment of its own, .venv in the lab's folder, and hands over to it.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from importlib import metadata
from pathlib import Path

from labutils.pythons import PYTHONS, ask

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

ROOT = Path(__file__).resolve().parent.parent
DISK_GB = 4  # measured: 2.9 GB installed, and the archives while they are being unpacked
PATIENCE_SECONDS = 1800  # with another process that is installing
TELL_SECONDS = 5  # between two signs of life

STAMP = "lab-stamp"  # a file in .venv; line 1: made by what Python, where; line 2: for which package list
UNFINISHED = "unfinished"

NOT_INSTALLED = """\
The packages could not be installed; the lines above say why. Call again to try again.
If this machine reaches no package index: on one of its kind that does, run
    python3 -m pip wheel -r requirements.txt -w wheels
then bring the folder wheels here, set PIP_NO_INDEX=1 and PIP_FIND_LINKS=wheels, and call again."""


class BootstrapError(Exception):
    """The lab cannot be set up here. The message says why, and what to do."""


def enter(arguments, root=ROOT):
    """Return if this Python can run the lab; otherwise make .venv ready and run the command there instead.

    Parameters
    ----------
    arguments : list of str
        The command line after ``python -m labutils``, handed over as it is.
    root : Path
        The lab's folder, with pyproject.toml and requirements.txt.

    Raises
    ------
    BootstrapError
        Too little disk, parts of Python missing, packages that cannot be had, or a folder that is not the lab's or
        cannot be written to.
    """
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # kernels are this environment's, not some of the user's own
    if not (root / "requirements.txt").is_file():
        raise BootstrapError(f"{root} has no requirements.txt: call labutils from the lab's own folder.")
    inside = Path(sys.prefix).resolve() == (root / ".venv").resolve()
    if inside and is_ready(root):
        return
    if not (inside and _read_stamp(root)):  # then this environment is not of our making
        lacking = lacking_packages(root)
        if not lacking:
            _put_first(root)
            return
        if not is_ready(root):
            others = f" and {len(lacking) - 1} others" if len(lacking) > 1 else ""
            print(f"This Python lacks {lacking[0]}{others}, so the lab runs in an environment of its own.")
    make_ready(root)
    become([str(_venv_python(root)), "-m", "labutils", *arguments])


def become(command):
    """Run the command in place of this process; exit code and Ctrl-C are the command's own. Never returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    with subprocess.Popen(command) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the child got it as well
                sys.exit(child.wait())


# ----- an environment that is there already -----


def lacking_packages(root):
    """Direct dependencies in pyproject.toml that this Python has not, or not in an accepted version."""
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return declared
    return [text for text in declared if not _is_met(Requirement(text))]


def _is_met(requirement):
    try:
        return requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return requirement.marker is not None and not requirement.marker.evaluate()


def _put_first(root):
    """Let everything that is started from here import this folder's labutils, without installing it."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))


# ----- the lab's own environment -----


def is_ready(root):
    """Whether .venv works and holds what requirements.txt and pyproject.toml ask for today."""
    return _read_stamp(root) == [_place(root), _package_list(root)]


def make_ready(root):
    """Make .venv, or bring it up to date, unless it is ready. One process does it, and others wait for it."""
    try:
        with _one_at_a_time(root / ".venv.lock") as lock:
            if not is_ready(root):
                _install(root, lock)
    except OSError as error:
        raise BootstrapError(
            f"The environment {root / '.venv'} could not be made: {error}. See that the folder can be written "
            "to and that nothing runs from it, then call again."
        ) from error


def _install(root, lock):
    place, held = _place(root), _read_stamp(root)
    if place is None or (held and (held[0] != place or held[-1] == UNFINISHED)):
        held = None
        _make_venv(root)
    elif place.split()[1] not in PYTHONS:
        raise BootstrapError(f"The lab cannot use {place}: rename or delete that .venv, and call again.")
    else:  # made by us for another package list, or by the user
        print("Bringing .venv up to date with requirements.txt.", flush=True)
        if held:
            _write_stamp(root, UNFINISHED)
    with tempfile.TemporaryDirectory(dir=root / ".venv") as scratch:  # pip unpacks there, not in a small /tmp
        environment = dict(os.environ, TMPDIR=scratch, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
        for step in (
            ["ensurepip", "--default-pip"],  # also under the name pip, so that !pip in a cell is this one
            ["pip", "install", "-r", str(root / "requirements.txt")],
            ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(root)],
        ):
            with _signs_of_life(root):
                failed = subprocess.call(
                    [str(_venv_python(root)), "-I", "-m", *step],
                    env=environment,
                    stdout=subprocess.DEVNULL if step[0] == "ensurepip" else None,
                    # A pip that outlives this process (kill -9) keeps the lock, so that nobody gets in its way.
                    pass_fds=(lock,) if os.name == "posix" else (),
                )
            if failed:
                if held and failed > 0:  # pip itself gave up, and leaves what was there as it was
                    _write_stamp(root, held[-1])
                raise BootstrapError(NOT_INSTALLED)
    _write_stamp(root, _package_list(root))
    print("The lab is set up; from now on it starts at once.", flush=True)


@contextlib.contextmanager
def _signs_of_life(root):
    """Meanwhile count the packages as they come: pip says nothing in the long minute in which it unpacks them."""
    before, done = _packages(root), threading.Event()

    def tell():
        while not done.wait(TELL_SECONDS):
            if new := _packages(root) - before:
                print(f"Still unpacking, packages in place: {len(new)}", flush=True)

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _packages(root):
    where = "lib/python*" if os.name == "posix" else "Lib"
    return {path.name for path in (root / ".venv").glob(f"{where}/site-packages/*.dist-info")}


def _make_venv(root):
    if importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info)
        raise BootstrapError(
            f"This Python ({sys.executable}) lacks ensurepip, which a new environment needs: on Debian and "
            f"Ubuntu, sudo apt install {package} brings it."
        )
    import venv

    try:
        venv.EnvBuilder(clear=True, symlinks=os.name == "posix").create(root / ".venv")
    except ValueError as error:  # a file of that name is in the way
        raise OSError(error) from error
    if _place(root) is None:  # as when the Python that makes it is a script that goes by the name of one
        raise BootstrapError(
            f"The Python in {root / '.venv'}, made by {sys.executable}, does not run in that folder: packages would go "
            "elsewhere. Call the lab with a Python itself, by its whole path."
        )
    _write_stamp(root, UNFINISHED)
    free_gb = shutil.disk_usage(root / ".venv").free / 1e9
    if free_gb < DISK_GB:
        raise BootstrapError(f"The lab needs about {DISK_GB} GB of disk; {root} has {free_gb:.1f} GB left.")
    print(f"Setting up {root / '.venv'}, this once: 3 GB, about 2 minutes on a fast line.", flush=True)


def _write_stamp(root, package_list):
    (root / ".venv" / STAMP).write_text(f"{_place(root)}\n{package_list}\n", "utf-8")


def _read_stamp(root):
    try:
        return (root / ".venv" / STAMP).read_text("utf-8").splitlines()
    except OSError:
        return None


def _package_list(root):
    content = b"".join((root / name).read_bytes() for name in ("requirements.txt", "pyproject.toml"))
    return hashlib.sha256(content).hexdigest()


def _place(root):
    """The Python and the folder that .venv was made for, as one line; None if it does not work (any more)."""
    answer = ask([str(_venv_python(root))])
    if answer is None or Path(answer[1]).resolve() != (root / ".venv").resolve():
        return None
    return f"Python {answer[0]} in {root / '.venv'}"


def _venv_python(root):
    return root / ".venv" / ("bin/python" if os.name == "posix" else "Scripts/python.exe")


@contextlib.contextmanager
def _one_at_a_time(path):
    """Hold the lock file, which the system lets go when its last holder ends, however it ends."""
    with open(path, "ab") as file:
        patience = time.monotonic() + PATIENCE_SECONDS
        told = False
        while not _lock(file.fileno()):
            if time.monotonic() > patience:
                raise BootstrapError(f"Another process has held {path} for too long: end it, and call again.")
            if not told:
                print("Another installation of the lab is under way; waiting for it.", flush=True)
                told = True
            time.sleep(0.5)
        yield file.fileno()


def _lock(descriptor):
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: go on without
        return True
    return True
