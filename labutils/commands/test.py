"""Run the test suite, notebooks included.

Further arguments go to pytest: python3 -m labutils test -x -k notebooks
"""

import os
import sys

from labutils.bootstrap import ROOT, become


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
    become([sys.executable, "-m", "pytest", *options.passed_on])
