"""Open the lab in JupyterLab.

Further arguments go to JupyterLab: python3 -m labutils lab --ip=0.0.0.0
"""

import os
import sys

from labutils.bootstrap import ROOT, become

QUIET_AND_PRIVATE = [
    "--log-level=ERROR",  # shows the address, and not the forty lines of a start
    "--LabApp.log_level=ERROR",
    "--KernelManager.transport_encryption=auto",  # else each kernel warns that it talks in the clear
]


def add_arguments(parser):
    parser.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    parser.add_argument("--port", type=int, default=8888, help="default: %(default)s, or the next free one")
    parser.set_defaults(passed_on=[])


def main(options):
    os.chdir(ROOT)
    command = [sys.executable, "-m", "jupyterlab", *QUIET_AND_PRIVATE, f"--ServerApp.root_dir={ROOT}"]
    command += [f"--port={options.port}", *["--no-browser"] * options.no_browser, *options.passed_on]
    become([*command, os.path.join("notebooks", "01_preprocessing.ipynb")])
