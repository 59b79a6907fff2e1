"""Open the lab in JupyterLab.

With --exercises it opens a student's own copy, with the exercises still to do. The copy is made the first time, outside
the lab's folder, so that a new version of the lab leaves it alone; it is never overwritten. When the lab has changed
since, the new notebooks are put into a folder new-DATE inside. A notebook that you rename or delete comes back fresh.

Further arguments go to JupyterLab: python3 -m labutils lab --ip=0.0.0.0
"""

import os
import sys
from pathlib import Path

from labutils.bootstrap import ROOT, become
from labutils.commands.exec import activate

EXERCISES = os.path.join("~", "autoencoder-exercises")


def add_arguments(parser):
    parser.add_argument(
        "--exercises",
        nargs="?",
        const=EXERCISES,
        metavar="DIR",
        help=f"open your own copy of the exercises; default: {EXERCISES}",
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    parser.add_argument("--port", type=int, default=8888, help="default: %(default)s, or the next free one")
    parser.set_defaults(passed_on=[])


def main(options):
    folder, first = ROOT, "notebooks/01_preprocessing.ipynb"
    if options.exercises:
        folder, first = Path(options.exercises).expanduser().resolve(), "00_start.ipynb"
        if not _give_copy(folder):
            return 1
    os.chdir(folder)
    activate()  # for terminals, and cells that begin with !
    # -P: what lies in a student's folder, a numpy.py perhaps, is nothing for JupyterLab to import.
    command = [sys.executable, "-P", "-m", "jupyterlab"]
    command += [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{first}"]
    become([*command, f"--port={options.port}", *["--no-browser"] * options.no_browser, *options.passed_on])


def _give_copy(folder):
    """Make or complete the student's copy, and say so; False, with a sentence, if that cannot be."""
    from labutils.classroom.assign import AssignError, make_release, own_exercises
    from labutils.classroom.own_copy import give
    from labutils.commands.assign import NOTEBOOKS, notebooks
    from labutils.exercises import ExerciseError

    try:
        print("\n".join(give(make_release(notebooks()), folder, own_exercises(NOTEBOOKS))))
    except (AssignError, ExerciseError) as error:
        print(error, file=sys.stderr)
        return False
    except OSError as error:
        print(f"Your copy could not be written to {folder}: {error}", file=sys.stderr)
        return False
    return True
