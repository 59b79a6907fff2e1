"""Where the lab keeps what it makes, and how a file is written: all of it, or nothing."""

import contextlib
import os
import uuid
from pathlib import Path


def artifacts():
    """Path: the folder for what notebooks and commands leave, ``LABUTILS_ARTIFACTS`` or the lab's own artifacts/."""
    return Path(os.environ.get("LABUTILS_ARTIFACTS") or Path(__file__).parents[1] / "artifacts")


@contextlib.contextmanager
def replacing(path):
    """Give a path to write to, which takes the place of another one at the end; if the body raises, nothing changes.

    Parameters
    ----------
    path : Path
        Its folder is made if it is missing.

    Yields
    ------
    Path, in the same folder
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{uuid.uuid4().hex}.part")  # its own for each process and thread
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write(path, content):
    """Write text (as UTF-8) or bytes to a file, which is there whole or stays as it was."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
