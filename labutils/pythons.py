"""Which Pythons the lab runs on, and what to call instead of another one, in a sentence.

Any Python can read this file, __init__.py and __main__.py, Python 2 too: no f-strings, and ASCII only.
"""

import os
import subprocess
import sys

PYTHONS = ("3.13", "3.12", "3.11")
MODULE = ["-m", "labutils"]


def advice(arguments=(), version=sys.version_info):
    """What to call in place of this Python, as one sentence; None if the lab's packages come for it.

    Parameters
    ----------
    arguments : sequence of str
        The command line after ``python -m labutils``.
    """
    bits = 64 if sys.maxsize > 2**32 else 32
    if "{}.{}".format(*version) in PYTHONS and bits == 64:
        return None
    calls = [["python" + other] for other in PYTHONS] + [["py", "-" + other] for other in PYTHONS]
    call = next((call for call in calls if ask(call)), None)
    to_do = "call " + _typed(call + MODULE + list(arguments)) if call else "get one from python.org"
    return "This is Python {}, {} bit ({}), and the lab needs Python 3.11, 3.12 or 3.13, 64 bit: {}.".format(
        ".".join(map(str, version[:3])), bits, sys.executable, to_do
    )


def ask(python):
    """What a Python says its version and its environment are, a line each; None if it cannot be run."""
    question = ["-c", "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.prefix)"]
    try:
        with open(os.devnull, "w") as nowhere:
            answer = subprocess.check_output(list(python) + question, stderr=nowhere)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.decode("utf-8", "replace").splitlines()


def _typed(command):
    """A command as one types it, with quotes where the shell needs them."""
    if os.name != "posix":
        return subprocess.list2cmdline(command)
    try:
        from shlex import quote
    except ImportError:
        from pipes import quote  # noqa: UP035 - where Python 2 has it
    return " ".join(map(quote, command))
