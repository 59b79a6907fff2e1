"""Make the student's version of the notebooks: stubs for solutions, no hidden tests, no outputs.

It is a valid nbgrader release, with a title page. The folder that it makes can be handed out as it is: it holds
notebooks, and your own exercises if there are any beside them. An older release in its place is replaced, as long as
nobody has worked in it.
"""

import sys
from pathlib import Path

from labutils.bootstrap import ROOT
from labutils.commands import ARTIFACTS

NOTEBOOKS = ROOT / "notebooks"


def add_arguments(parser):
    parser.add_argument("--out", type=Path, default=ARTIFACTS / "release", help="default: artifacts/release")
    parser.add_argument("--source", type=Path, default=NOTEBOOKS, help="complete notebooks; default: the lab's")
    parser.add_argument("--deadline", metavar="TEXT", help="for the title page, such as 'Friday, 4 June, 18:00'")
    parser.add_argument("--course", metavar="TEXT", help="for the title page")


def main(options):
    from labutils.classroom.assign import AssignError, make_release, own_exercises, write_release
    from labutils.exercises import ExerciseError

    folder, source = options.out.expanduser().resolve(), options.source.expanduser().resolve()
    try:
        release = make_release(notebooks(source), options.course, options.deadline)
        write_release(release, folder, own_exercises(source))
    except (AssignError, ExerciseError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The release could not be written to {folder}: {error}", file=sys.stderr)
        return 1
    print(f"The student's version is in {folder}:")
    for name, notebook in release.items():
        exercises = sum(1 for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
        print(f"  {name}" + (f"  {exercises} exercises" if exercises else ""))
    return 0


def notebooks(source=NOTEBOOKS):
    """The complete notebooks in a folder, in order."""
    return sorted(source.glob("[0-9][0-9]_*.ipynb"))
