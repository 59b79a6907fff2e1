"""Run the test suite, notebooks included.

The test files are shared out to two processes. Further arguments go to pytest, which then runs in one process:
python3 -m labutils test -x -k notebooks
"""

import os
import sys

from labutils.bootstrap import ROOT, become

# A file stays in one process, and the files in their order. Two: much of what they do waits, and much uses all cores.
TWO_PROCESSES = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def add_arguments(parser):
    parser.set_defaults(passed_on=[])


def main(options):
    from labutils import sources

    try:
        print(f"Digits: {sources.describe()}")
    except sources.SourceError as error:
        print(error, file=sys.stderr)
        return 1
    os.chdir(ROOT)
    become([sys.executable, "-m", "pytest", *(options.passed_on or TWO_PROCESSES)])
