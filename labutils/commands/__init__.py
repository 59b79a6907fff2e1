"""What a user can call, a file each: its help as docstring, ``add_arguments(parser)``, ``main(options)``.

At its top a command imports the standard library alone, so that its help is there before the packages are.
"""

import os
from pathlib import Path

from labutils.bootstrap import ROOT

ARTIFACTS = Path(os.environ.get("LABUTILS_ARTIFACTS") or ROOT / "artifacts")  # what the lab makes, git-ignored
