"""Measure what the lab costs: epochs beside other ways to train, start-up, growth, the notebooks, a browser.

The contenders take turns and the first epoch is kept apart, so that ratios hold on any machine; times are worth
quoting from a quiet one. PyTorch takes part where it is installed: python3 -m labutils exec pip install torch
"""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from labutils.bootstrap import ROOT
from labutils.commands import ARTIFACTS, folder_to_fill, number

GROUPS = ("epochs", "fifty", "startup", "growth", "notebooks", "browser")  # each is a file in labutils/bench


def add_arguments(parser):
    parser.add_argument("--quick", action="store_true", help="few images, one round: tries the benchmark, not the lab")
    parser.add_argument("--only", type=_groups, default=GROUPS, metavar="GROUPS", help=f"of {','.join(GROUPS)}")
    parser.add_argument("--rounds", type=number(int, 1), metavar="N", help="besides the first; default: 5")
    parser.add_argument("--out", type=Path, default=ARTIFACTS / "bench", help="default: artifacts/bench")


def main(options):
    from labutils.bench.report import Report, progress

    rounds = options.rounds or (1 if options.quick else 5)
    out = folder_to_fill(options.out)
    report = Report(out, {"groups": " ".join(options.only), "rounds": rounds, "quick": options.quick})
    # In another process: this one stays small, since a child begins with its parent's peak of memory.
    if subprocess.call([sys.executable, "-m", "labutils", "data", "--prepare"], cwd=ROOT):
        return 1
    try:
        for name in options.only:
            group = importlib.import_module(f"labutils.bench.{name}")
            print(f"{name} ...", flush=True)
            try:
                for row in group.rows(rounds, options.quick):
                    report.add(row)
                    print(f"  {progress(row)}", flush=True)
            except BrokenPipeError:  # nobody reads on
                raise
            except Exception as error:  # the other groups can still be measured
                report.fail(name, error)
    finally:
        print(f"\n{report}\n\nWritten to {out}: bench.md, bench.json")
    return 1 if report.failures else 0


def _groups(text):
    names = text.split(",")
    strange = [name for name in names if name not in GROUPS]
    if strange:
        raise argparse.ArgumentTypeError(f"there is no group {strange[0]!r}; the groups are {', '.join(GROUPS)}")
    return names
