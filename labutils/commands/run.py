"""Execute the notebooks in order, headless, and write a page with the pictures for each.

The notebooks themselves are not touched: pages and executed copies go to artifacts/run. If a cell fails, the
other notebooks still run, and the exit code is 1.
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
    for path in paths:
        _tell(f"{path.stem}  starting")
        execution = execute(path, options.cell_timeout, on_cell=_tell_cell)
        _tell(_outcome(execution), last=True)
        executions.append(execution)
        if execution.notebook is not None:
            pages.write(execution.notebook, path, out)
    trained = _modified(TRAINING) != training_before
    summary = "\n".join(_summary(executions, json.loads(TRAINING.read_text("utf-8")) if trained else None))
    print(f"\n{summary}\nPages      {pages.write_index(executions, summary, out)}")
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


def _summary(executions, training):
    """Yield digits, test loss, the ladder with this model among its rungs, and how each notebook went."""
    if training is None:
        yield "Training   none in this run"
    else:
        loss = training["test_loss"]
        yield f"Digits     {training['data']} ({training['reason']})"
        yield f"Test loss  {loss:.4f} after {training['epochs']} epochs, seed {training['seed']}"
        rungs = sorted([*training["ladder"].items(), ("this model", loss)], key=lambda rung: -rung[1])
        yield "Ladder     " + INDENT.join(f"{value:.4f}  {rung}" for rung, value in rungs)
    times = [f"{execution.seconds:4.0f} s  {_outcome(execution)}" for execution in executions]
    yield "Notebooks  " + INDENT.join([*times, f"{sum(e.seconds for e in executions):4.0f} s  together"])
