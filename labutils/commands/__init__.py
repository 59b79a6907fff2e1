"""What a user can call, a file each: its help as docstring, ``add_arguments(parser)``, ``main(options)``.

At its top a command imports the standard library alone, so that its help is there before the packages are.
"""

import argparse
import contextlib
import math
import os
import tempfile
from pathlib import Path

from labutils import files

ARTIFACTS = files.artifacts()


class Refusal(Exception):
    """The command cannot do what it was asked to. The message says why, and what to do."""


def folder_to_fill(path, option="--out"):
    """Make the folder that an option names, before the work for it begins; return it, absolute.

    Raises
    ------
    Refusal
        If it cannot be made or written to.
    """
    folder = Path(os.path.expanduser(path)).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        file = next((each for each in (folder, *folder.parents) if each.is_file()), None)
        reason = f"{file} is a file" if file else error.strerror
        raise Refusal(
            f"Nothing can be written to the folder {folder}: {reason}. Name another with {option}."
        ) from error
    return folder


def number(kind, least, most=math.inf):
    """How argparse reads a number, an int or float, from ``least`` to ``most``; infinity is none."""

    def read(text):
        with contextlib.suppress(ValueError):
            value = kind(text)
            if least <= value <= most and value < math.inf:
                return value
        name = "whole number" if kind is int else "number"
        limits = f"from {least} on" if most == math.inf else f"from {least} to {most}"
        raise argparse.ArgumentTypeError(f"a {name} {limits}, not {text!r}")

    return read
