"""Run a program of the lab's environment, such as nbgrader, jupyter or pip.

    python3 -m labutils exec pip install torch

It finds what it needs as if .venv were activated, and its exit code is handed over. A shell will do as well.
"""

import difflib
import os
import shutil
import sys
import sysconfig
from argparse import REMAINDER

from labutils import browser
from labutils.bootstrap import become

PROGRAMS = sysconfig.get_path("scripts")
# Called through this Python: an environment may lack programs of these names, and on Windows pip cannot replace itself.
OURS = {"python": [], "python3": [], "pip": ["-m", "pip"], "pip3": ["-m", "pip"]}


def add_arguments(parser):
    parser.add_argument("--in", dest="folder", metavar="FOLDER", help="run it there; default: where you are")
    parser.add_argument("command", metavar="COMMAND")
    parser.add_argument("arguments", nargs=REMAINDER, metavar="...", help="go to the command as they are")


def main(options):
    activate()
    try:
        os.chdir(options.folder or ".")
    except OSError as error:
        print(f"The command cannot be run in {options.folder}: {error.strerror}.", file=sys.stderr)
        return 2
    if options.command in OURS:
        become([sys.executable, *OURS[options.command], *options.arguments])
    program = shutil.which(options.command)
    if not program:
        near = difflib.get_close_matches(options.command, [*OURS, *os.listdir(PROGRAMS)], 1)
        print(
            f"There is no command {options.command!r} in the lab's environment or on this machine"
            f"{f'; did you mean {near[0]!r}?' if near else '.'}",
            file=sys.stderr,
        )
        return 2
    become([program, *options.arguments])


def activate():
    """Let all that is started from here find this environment's programs first, and Jupyter the lab's settings."""
    os.environ["PATH"] = os.pathsep.join(filter(None, [PROGRAMS, os.environ.get("PATH")]))
    if sys.prefix != sys.base_prefix:
        os.environ["VIRTUAL_ENV"] = sys.prefix
    os.environ["JUPYTER_CONFIG_PATH"] = browser.config_path()
