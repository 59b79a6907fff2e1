"""Open the lab in JupyterLab.

With --exercises it opens a student's own copy, with the exercises still to do. The copy is made the first time, outside
the lab's folder, so that a new version of the lab leaves it alone; it is never overwritten. When the lab has changed
since, the new notebooks are put into a folder new-DATE inside. A notebook that you rename or delete comes back fresh.

Further arguments go to JupyterLab: python3 -m labutils lab --ip=0.0.0.0
"""

import difflib
import os
import re
import sys
from pathlib import Path

from labutils.bootstrap import ROOT, become
from labutils.commands import Refusal, number
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
    parser.add_argument(
        "--port", type=number(int, 1, 65535), default=8888, help="default: %(default)s, or the next free one"
    )
    parser.set_defaults(passed_on=[])


def main(options):
    _check_passed_on(options.passed_on)
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


def _check_passed_on(arguments):
    """Raise Refusal for an option that JupyterLab has not: it would ignore it, or answer with a usage of its own."""
    names = [argument.partition("=")[0] for argument in arguments if re.match("--?[a-z]", argument)]
    if not names:  # but --ServerApp.token and the like, which begin with a capital
        return
    from jupyterlab.labapp import LabApp

    theirs = {"-" * min(len(name), 2) + name for name in (*LabApp.flags, *LabApp.aliases, "help-all", "version")}
    for name in names:
        if name not in theirs:
            near = difflib.get_close_matches(name, ["--exercises", "--no-browser", "--port", *theirs], 1)
            raise Refusal(
                f"Neither lab nor JupyterLab has an option {name}{f'; did you mean {near[0]}?' if near else '.'} "
                "See python3 -m labutils lab --help and, for JupyterLab's, python3 -m labutils lab --help-all."
            )


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
