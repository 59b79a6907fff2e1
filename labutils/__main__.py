"""The command line of the lab: python3 -m labutils COMMAND."""

import argparse
import difflib
import importlib
import os
import sys

from labutils import bootstrap

# each is a file in labutils/commands
COMMANDS = ("lab", "run", "test", "data", "sync", "assign", "grade", "bench", "pictures", "exec")


def main(arguments):
    """Run one command; return its exit code: 0 done, 1 failed, 2 not understood or not set up, 130 stopped."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview())
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        print(
            f"There is no command {name!r}{f'; did you mean {near[0]!r}?' if near else '.'} "
            f"The commands are {', '.join(COMMANDS)}.",
            file=sys.stderr,
        )
        return 2
    command = _command(name)
    options = _read_options(command, name, arguments[1:])
    _make_paths_absolute()
    try:
        bootstrap.enter(arguments)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # a console without some character is no reason to fail
        return command.main(options)
    except bootstrap.BootstrapError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _make_paths_absolute():
    """Paths in the settings are meant from here; kernels run in other folders."""
    for setting in ("TFDS_DATA_DIR", "LABUTILS_MNIST_MIRROR", "LABUTILS_ARTIFACTS"):
        value = os.environ.get(setting)
        if value and "://" not in value:
            os.environ[setting] = os.path.abspath(os.path.expanduser(value))


def _command(name):
    return importlib.import_module(f"labutils.commands.{name}")


def _overview():
    lines = [f"  {name:10}{_command(name).__doc__.splitlines()[0]}" for name in COMMANDS]
    return "\n".join(
        [
            "usage: python3 -m labutils COMMAND ...",
            "",
            *lines,
            "",
            "python3 -m labutils COMMAND --help tells more. The first command sets up what the lab needs",
            "(Python 3.11 to 3.13, 4 GB of disk), unless this Python has it already.",
        ]
    )


def _read_options(command, name, arguments):
    parser = argparse.ArgumentParser(
        prog=f"python3 -m labutils {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    options, others = parser.parse_known_args(arguments)
    if others and "passed_on" not in options:
        parser.error(f"{' '.join(others)} means nothing here")
    options.passed_on = others
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
