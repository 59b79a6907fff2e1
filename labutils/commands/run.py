"""Execute the notebooks in order, headless, and write a page for each, and one that leads to them.

The notebooks themselves are not touched: pages and executed copies go to artifacts/run, a folder that can be put on any
web server as it is. If a cell fails or a page cannot be written, the other notebooks still run, and the exit code is 1.
"""

import contextlib
import json
import sys
from pathlib import Path

from labutils.bootstrap import ROOT
from labutils.commands import ARTIFACTS, folder_to_fill, number

INDENT = "\n" + 11 * " "
TRAINING = ARTIFACTS / "autoencoder" / "training.json"  # left by the notebook that trains


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 4, 04 or 04_training; default: all")
    parser.add_argument("--out", type=Path, default=ARTIFACTS / "run", help="default: artifacts/run")
    parser.add_argument("--cell-timeout", type=number(int, 1), default=600, metavar="SECONDS", help="default: 600")


def main(options):
    from labutils.commands import pages
    from labutils.execution import execute

    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    strange = [name for name in options.names if not any(_means(name, path) for path in paths)]
    if strange or not paths:
        found = ", ".join(path.stem for path in paths) or "none"
        print(f"There is no notebook {' or '.join(strange)} in notebooks; there is {found}.", file=sys.stderr)
        return 2
    if options.names:
        paths = [path for path in paths if any(_means(name, path) for name in options.names)]

    out = folder_to_fill(options.out)
    training_before = _modified(TRAINING)
    executions = []
    for path, following in zip(paths, [*paths[1:], None], strict=True):
        _tell(f"{path.stem}  starting")
        execution = execute(path, options.cell_timeout, on_cell=_tell_cell)
        if execution.notebook is not None:
            try:
                pages.write(execution.notebook, path, following, out)
            except Exception as error:  # of nbconvert, of what it calls, or of the disk: the other pages can do without
                told = " ".join(f"{type(error).__name__}: {error}".split())[:300]
                reasons = execution.failure, f"its page cannot be written: {told}"
                execution.failure = "; ".join(filter(None, reasons))
        _tell(_outcome(execution), last=True)
        executions.append(execution)
    trained = _modified(TRAINING) != training_before
    training = json.loads(TRAINING.read_text("utf-8")) if trained else None
    summary, rungs = _summary(training), _rungs(training)
    print("", *_lines(summary, rungs, executions), sep="\n")
    print(f"Pages      {pages.write_index(executions, summary, rungs, out)}")
    return 1 if any(execution.failure for execution in executions) else 0


def _means(name, path):
    return Path(name).stem == path.stem or path.stem.startswith(f"{name:0>2}_")


def _tell_cell(name, number, count):
    _tell(f"{name}  cell {number}/{count}")


def _tell(text, last=False):
    """Show progress: where there is a terminal one line that changes, elsewhere a line each."""
    if sys.stdout.isatty():
        print(f"\r{'':79}\r{text}", end="\n" if last else "", flush=True)
    else:
        print(text, flush=True)


def _outcome(execution):
    return f"{execution.name}  {f'failed, {execution.failure}' if execution.failure else 'done'}"


def _modified(path):
    with contextlib.suppress(OSError):
        return path.stat().st_mtime_ns


def _summary(training):
    """What is to be said of the run: digits and test loss."""
    if training is None:
        return [("Training", "none in this run")]
    return [
        ("Digits", f"{training['data']} ({training['reason']})"),
        ("Test loss", f"{training['test_loss']:.4f} after {training['epochs']} epochs, seed {training['seed']}"),
    ]


def _rungs(training):
    """The ladder, from the top, with this model among its rungs."""
    rungs = training and [*training["ladder"].items(), ("this model", training["test_loss"])]
    return sorted(rungs or [], key=lambda rung: -rung[1])


def _lines(summary, rungs, executions):
    """Yield the same for a terminal, with how each notebook went."""
    times = [f"{execution.seconds:4.0f} s  {_outcome(execution)}" for execution in executions]
    times.append(f"{sum(e.seconds for e in executions):4.0f} s  together")
    ladder = [f"{loss:.4f}  {rung}" for rung, loss in rungs]
    for name, lines in [*((name, [value]) for name, value in summary), ("Ladder", ladder), ("Notebooks", times)]:
        if lines:
            yield f"{name:<{len(INDENT) - 1}}{INDENT.join(lines)}"
