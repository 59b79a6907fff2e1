"""The command line of the lab: python3 -m labutils COMMAND. What any Python must be able to read: see pythons.py."""
# ruff: noqa: UP010, UP032

from __future__ import print_function

import argparse
import difflib
import importlib
import os
import sys

from labutils import pythons

# each is a file in labutils/commands
COMMANDS = ("lab", "run", "test", "data", "sync", "assign", "grade", "bench", "pictures", "exec")


def main(arguments):
    """Run one command; return its exit code: 0 done, 1 failed, 2 not understood or not set up, 130 stopped,
    141 left alone by whoever read the output.
    """
    advice = pythons.advice(arguments)
    if advice:
        print(advice, file=sys.stderr)
        return 2
    _open_closed_streams()
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read has read enough, as in: ... | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return 141  # as a shell says of a program that a broken pipe ended
    except OSError as error:
        print("The command could not go on: {}".format(error), file=sys.stderr)
        return 1


def _open_closed_streams():
    """Let what is printed go nowhere if stdout or stderr is closed (>&-), and no file of ours take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            os.set_inheritable(number, True)  # which dup2 leaves alone if the number was the next free one
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))


def _run(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview())
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        print(
            "There is no command '{}'{} The commands are {}.".format(
                name, "; did you mean '{}'?".format(near[0]) if near else ".", ", ".join(COMMANDS)
            ),
            file=sys.stderr,
        )
        return 2
    from labutils import bootstrap
    from labutils.commands import Refusal

    _make_paths_absolute()
    command = _command(name)
    options = _read_options(command, name, arguments[1:])
    try:
        bootstrap.enter(arguments)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # a console without some character is no reason to fail
        return command.main(options)
    except (bootstrap.BootstrapError, Refusal) as error:
        print(error, file=sys.stderr)
        return 2


def _make_paths_absolute():
    """Paths in the settings are meant from here; kernels run in other folders."""
    for setting in ("TFDS_DATA_DIR", "LABUTILS_MNIST_MIRROR", "LABUTILS_ARTIFACTS"):
        value = os.environ.get(setting)
        if value and "://" not in value:
            os.environ[setting] = os.path.abspath(os.path.expanduser(value))


def _command(name):
    return importlib.import_module("labutils.commands." + name)


def _overview():
    lines = ["  {:10}{}".format(name, _command(name).__doc__.splitlines()[0]) for name in COMMANDS]
    return "\n".join(
        [
            "usage: python3 -m labutils COMMAND ...",
            "",
            "\n".join(lines),
            "",
            "python3 -m labutils COMMAND --help tells more. The first command sets up what the lab needs",
            "(Python 3.11 to 3.13, 4 GB of disk), unless this Python has it already.",
        ]
    )


def _read_options(command, name, arguments):
    parser = argparse.ArgumentParser(
        prog="python3 -m labutils " + name,
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    options, others = parser.parse_known_args(arguments)
    if others and "passed_on" not in options:
        parser.error(" ".join(others) + " means nothing here")
    options.passed_on = others
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
