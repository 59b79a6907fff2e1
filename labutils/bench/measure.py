"""What all groups measure with: rounds in which contenders take turns, and work in a process of its own."""

import multiprocessing
import os
import signal
import statistics
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of the report.

    Attributes
    ----------
    group, what : str
        Together they name the row: a later row of the same name takes its place.
    seconds : list of float
        Of every round, warm-up left out.
    first : float or None
        Seconds of the warm-up: the first epoch, with its compilation; the first call.
    ratios : list of float
        Seconds over those of the group's reference, round by round.
    test_loss : float or None
        Cross-entropy per pixel in nats on the test images, after the warm-up and all rounds.
    steps : int or None
        Training steps until then.
    memory : int or None
        Bytes; the most that the process ever held.
    note : str
    """

    group: str
    what: str
    seconds: list = field(default_factory=list)
    first: float = None
    ratios: list = field(default_factory=list)
    test_loss: float = None
    steps: int = None
    memory: int = None
    note: str = ""

    @property
    def median(self):
        """float, in seconds; None where nothing was measured."""
        return statistics.median(self.seconds) if self.seconds else None


def seconds_of(call):
    """float: what one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def take_turns(contenders, rounds, timed=seconds_of):
    """Call each contender once a round, in turn: a busy minute then falls on all of them alike.

    Parameters
    ----------
    contenders : dict of str to callable
    rounds : int
        Besides the first, which warms up.
    timed : callable
        Calls what it is given and returns the seconds that count.

    Yields
    ------
    (name, seconds of the first call, list of the seconds of all later ones), whenever a call is done
    """
    seconds = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, call in contenders.items():
            seconds[name].append(timed(call))
            yield name, seconds[name][0], seconds[name][1:]


def in_child(work, *arguments):
    """Yield what a generator function yields, in a process of its own: what ran before does not count as its memory.

    Parameters
    ----------
    work : generator function at the top of a module
    *arguments
        What ``work`` takes; like all that it yields, it must be possible to pickle.

    Raises
    ------
    ChildProcessError
        If the process ends before its work is done.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send_all, args=(sender, work, arguments), daemon=True)
    child.start()
    sender.close()  # ours; the child's copy alone holds the pipe open
    try:
        while True:
            try:
                yield receiver.recv()
            except EOFError:
                break
        child.join()
    finally:
        child.terminate()  # nothing is left behind if we are stopped
        child.join()
    if child.exitcode:
        reason = "out of memory?" if child.exitcode == -9 else "see above"
        raise ChildProcessError(f"the process ended with exit code {child.exitcode} ({reason})")


def _send_all(sender, work, arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # a GPU's memory is shared with PyTorch
    for result in work(*arguments):
        sender.send(result)


def peak_memory():
    """int: the most bytes that this process ever held; None on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
