"""Say which digits the lab would use and why, or get them ready."""

import sys


def add_arguments(parser):
    parser.add_argument("--prepare", action="store_true", help="get the digits ready now, before a lesson")
    parser.add_argument(
        "--mirror",
        metavar="PATH_OR_URL",
        help="get MNIST ready from the archives in a folder or at an address",
    )


def main(options):
    from labutils import sources

    try:
        if options.prepare or options.mirror:
            sources.prepare(mirror=options.mirror)  # says what it did
        else:
            print(sources.describe())
    except sources.SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
