"""Executes a notebook in a kernel of its own, with limits; says in one line what went wrong, if anything."""

import asyncio
import signal
import tempfile
import time
from dataclasses import dataclass

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi

NOTEBOOK_SECONDS = 3600  # nothing waits without a limit, whatever happens to a kernel
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass
class Execution:
    """What came of a notebook.

    Attributes
    ----------
    name : str
        The notebook's, without its ending.
    notebook : NotebookNode or None
        With the new outputs; None if the file is no notebook.
    seconds : float
    failure : str or None
        One line: the cell, counted as Jupyter's prompts are, how it begins, and the error.
    """

    name: str
    notebook: object = None
    seconds: float = 0.0
    failure: str = None


def execute(path, cell_seconds, on_cell=lambda name, number, count: None):
    """Execute a copy of a notebook in a fresh kernel of this Python, up to the first cell that fails.

    Parameters
    ----------
    path : Path
        The notebook. The kernel runs in its folder; the file is only read.
    cell_seconds : int
        Limit for each cell.
    on_cell : callable
        Called before each cell that holds code, with the notebook's name, the cell's number and their count. Its
        BrokenPipeError ends the execution and gets through.

    Returns
    -------
    Execution
    """
    result = Execution(path.stem)
    try:
        notebook = result.notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat lets the errors of the parsers below it through
        result.failure = f"cannot be read as a notebook: {_first_line(error)}"
        return result
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:  # a cell that is not reached must not look as if it had been
        cell.outputs, cell.execution_count = [], None
    count = sum(1 for cell in cells if cell.source.strip())
    reached = []

    def before_cell(cell, cell_index):
        reached.append(cell)
        on_cell(path.stem, len(reached), count)

    client = nbclient.NotebookClient(
        notebook,
        kernel_name="python3",  # this environment's, whatever kernel the file names
        resources={"metadata": {"path": str(path.parent)}},
        timeout=cell_seconds,
        startup_timeout=120,
        iopub_timeout=30,
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        coalesce_streams=True,  # one output for what was printed line by line
        store_widget_state=False,  # see _leave_static_twins
        on_cell_execute=before_cell,
    )
    start = time.monotonic()
    with tempfile.TemporaryFile() as kernel_log, asyncio.Runner(loop_factory=_Loop) as runner:
        try:
            runner.run(_execute(client, kernel_log))
        except KeyboardInterrupt:
            on_ctrl_c = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would break off the kernel's end
            runner.close()
            signal.signal(signal.SIGINT, on_ctrl_c)
            raise
        except BrokenPipeError:  # on_cell has nobody left to tell
            raise
        except Exception as error:
            where = f"cell {len(reached)} ({_first_line(reached[-1].source)})" if reached else "kernel's start"
            result.failure = f"{where}: {_reason(error, cell_seconds, kernel_log)}"
    result.seconds = time.monotonic() - start
    _leave_static_twins(cells)
    return result


async def _execute(client, kernel_log):
    # In a task of its own, which a Ctrl-C or the time limit leaves alone, to end with the runner: nbclient takes being
    # cancelled for a dead kernel, and says so in place of either.
    await asyncio.wait_for(asyncio.shield(client.async_execute(stderr=kernel_log)), NOTEBOOK_SECONDS)


def _leave_static_twins(cells):
    """Take widgets out where there is a picture that stands in for them: they are gone with their kernel."""
    for cell in cells:
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                output.data.pop(WIDGET_VIEW, None)


class _Loop(asyncio.SelectorEventLoop):
    def add_signal_handler(self, *_):
        """Refuse, as on Windows: nbclient would take Ctrl-C for a dead kernel, and it is meant for us."""
        raise NotImplementedError

    def call_exception_handler(self, context):
        """Pass over the tasks that nbclient leaves behind when it is stopped."""


def _reason(error, cell_seconds, kernel_log):
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {_first_line(error.evalue)}"
    if isinstance(error, CellTimeoutError):
        return f"not done after {cell_seconds} s"
    if isinstance(error, TimeoutError):
        return f"the notebook was not done after {NOTEBOOK_SECONDS} s"
    if isinstance(error, DeadKernelError):
        kernel_log.seek(0)
        last_words = kernel_log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"the kernel died; its last words: {last_words[0] if last_words else 'none (out of memory?)'}"
    return f"{type(error).__name__}: {_first_line(error)}"


def _first_line(text):
    return next(iter(strip_ansi(str(text)).strip().splitlines()), "")
