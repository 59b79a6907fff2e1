"""Make the student's version of the notebooks: stubs for solutions, no hidden tests, no outputs.

It is a valid nbgrader release, with a title page. The folder that it makes can be handed out as it is: it holds
notebooks and nothing else. An older release in its place is replaced, as long as nobody has worked in it.
"""

import sys
from pathlib import Path

from labutils.bootstrap import ROOT
from labutils.commands import ARTIFACTS


def add_arguments(parser):
    parser.add_argument("--out", type=Path, default=ARTIFACTS / "release", help="default: artifacts/release")
    parser.add_argument("--deadline", metavar="TEXT", help="for the title page, such as 'Friday, 4 June, 18:00'")
    parser.add_argument("--course", metavar="TEXT", help="for the title page")


def main(options):
    from labutils.classroom.assign import AssignError, make_release, write_release

    folder = options.out.expanduser().resolve()
    try:
        release = make_release(notebooks(), options.course, options.deadline)
        write_release(release, folder)
    except AssignError as error:
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


def notebooks():
    """The complete notebooks of the lab, in order."""
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
