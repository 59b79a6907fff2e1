"""Runs what asks a student's code in a thread of its own: within time limits, without output, leaving no trace."""

import contextlib
import ctypes
import functools
import io
import logging
import random
import re
import sys
import threading
import time
import traceback

import numpy as np

PRINTED_LINES, PRINTED_CHARACTERS = 8, 160  # of what a student's function prints, and of each line, this much is shown
_IDLE, _PATIENCE = 0.05, 3  # who uses less of the processor, for that many times the limit, waits for nothing
_LOOK = 0.5  # seconds between two looks at the clock that count at most
_CALLS, _PAUSE = 5, 0.1  # how often code is told to stop; seconds between for clean-up, which another call would spoil


class TimeUp(BaseException):
    """Raised inside the student's code when its time is up; not an Exception, so that few handlers swallow it."""


class Clock:
    """Knows how long the student's code has been at work: ``with clock.running(seconds):`` around each piece of it.

    Counts the processor's time: on a busy machine code is not called endless for having to wait, nor on one that stood
    still. Seconds are those of the machine the limits were chosen on; a slower one gives more.
    """

    def __init__(self):
        self.piece = None  # of the student's code, the one that is at work now
        self.rang = False

    def running(self, seconds):
        return _Piece(self, seconds * slowness())

    def is_up(self):
        piece = self.piece  # the other thread may end it at any time
        return piece is not None and piece.is_over()


class _Piece:
    """A piece of the student's code at work. Its time goes on by looking: what stands still as a whole takes none."""

    def __init__(self, clock, seconds):
        self._clock, self._seconds, self._wall = clock, seconds, 0

    def __enter__(self):
        self._judges = _codes(sys._getframe()) | {_Piece.__exit__.__code__}
        self._looked, self._began = time.monotonic(), time.process_time()
        self._clock.piece = self

    def __exit__(self, *_):
        self._clock.piece = None
        if self._clock.rang:  # also where the code swallowed TimeUp, or made another exception of it
            raise TimeUp from None

    def is_over(self):
        now, processor = time.monotonic(), time.process_time() - self._began
        self._wall += min(now - self._looked, _LOOK)
        self._looked = now
        is_idle = self._wall > _PATIENCE * self._seconds and processor < _IDLE * self._wall
        return min(self._wall, processor) > self._seconds or is_idle

    def codes_in(self, thread):
        """The code objects of the student's that a thread is in; None when it is on the way out."""
        codes = _codes(sys._current_frames().get(thread.ident))
        return None if _Piece.__exit__.__code__ in codes else codes - self._judges


def _codes(frame):
    return {frame.f_code for frame, _ in traceback.walk_stack(frame)} if frame else set()


@functools.cache
def slowness():
    """float: how many times slower this machine is than the one on which the limits were chosen; 1 at least."""

    def took():
        began = time.process_time()
        sum(i * i for i in range(100_000))
        return time.process_time() - began

    return max(1, min(took() for _ in range(3)) / 0.01)


def run(asking, clock):
    """Call ``asking()`` in a thread, while watching the clock.

    Returns
    -------
    bool
        Whether it came to its end. If not, the student's code could not be stopped, and the thread goes on.

    Only an interrupt by the user gets out: the thread is stopped and KeyboardInterrupt goes on.
    """
    ended = threading.Event()

    def work():
        asking()
        ended.set()

    worker = threading.Thread(target=work, name="labutils check", daemon=True)
    printed = _Printed()
    try:
        with contextlib.redirect_stdout(printed), _without_warnings(), untouched_randomness():
            worker.start()
            try:
                while _is_running(worker) and not clock.is_up():
                    worker.join(0.02)
            finally:
                if _is_running(worker):
                    clock.rang = True
                    _stop(worker, ended, clock)
    finally:
        printed.show()
    return ended.is_set()


def words_of(error):
    """The message of an exception; some have none that can be read."""
    try:
        return str(error)
    except Exception:
        return ""


def _is_running(worker):
    """Whether the thread has frames; its ``is_alive`` can be wrong after an interrupt in ``join`` (Python 3.11)."""
    return worker.ident in sys._current_frames()


def _stop(worker, ended, clock):
    """Raise TimeUp in the student's code a few times at most, and wait until the asking has ended.

    The thread may still take time to end. From Python 3.12 on TimeUp is raised at every line, which also ends loops
    that catch everything.
    """
    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
    calls = 0
    with _raising_at_every_line(worker, clock) as arm:
        while _is_running(worker) and not ended.is_set() and calls < _CALLS:
            piece = clock.piece
            if piece and (codes := piece.codes_in(worker)) is not None:
                arm(codes)
                raise_in_thread(ctypes.c_ulong(worker.ident), ctypes.py_object(TimeUp))
                calls += 1
            time.sleep(_PAUSE)


@contextlib.contextmanager
def _raising_at_every_line(worker, clock):
    """Gives a function that makes each line of these code objects raise TimeUp in the thread (Python 3.12 on)."""
    monitoring = getattr(sys, "monitoring", None)
    tool = next((t for t in range(6) if monitoring and monitoring.get_tool(t) is None), None)
    if tool is None:
        yield lambda codes: None
        return

    def raise_time_up(*_):
        if threading.get_ident() == worker.ident and clock.piece:
            raise TimeUp

    def arm(codes):
        for code in codes:
            monitoring.set_local_events(tool, code, monitoring.events.LINE)
        armed.update(codes)

    armed = set()
    monitoring.use_tool_id(tool, "labutils check")
    monitoring.register_callback(tool, monitoring.events.LINE, raise_time_up)
    try:
        yield arm
    finally:
        for code in armed:
            monitoring.set_local_events(tool, code, 0)
        monitoring.free_tool_id(tool)


@contextlib.contextmanager
def _without_warnings():
    """Libraries warn about what a check does on purpose; what matters is in the result."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stderr(_Printed()):
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def untouched_randomness(seed=0):
    """Seed Python, NumPy and TensorFlow, so that a check always finds the same; put their state back afterwards.

    Keras keeps its generator for each thread: a check's thread has a fresh one, drawn from Python's.
    """
    from tensorflow.python.eager import context as eager  # the public call could not put the old state back

    tensorflow = vars(eager.context())
    python, numpy = random.getstate(), np.random.get_state()
    saved = tensorflow.get("_seed"), tensorflow.get("_rng")
    random.seed(seed)
    np.random.seed(seed)
    tensorflow.update(_seed=seed, _rng=random.Random(seed))
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        tensorflow.update(_seed=saved[0], _rng=saved[1])


class _Printed(io.TextIOBase):
    """Takes what is printed, keeps the beginning, and can show some of that later."""

    def __init__(self):
        self._kept, self._room = [], 100_000  # characters

    def write(self, text):
        if self._room > 0:
            self._kept.append(text[: self._room])
            self._room -= len(text)
        return len(text)

    def show(self):
        """Print the first lines, without Keras's reports of its progress."""
        printed = "".join(self._kept).splitlines()
        lines = [line for line in printed if line.strip() and not _KERAS_PROGRESS.search(line)]
        for line in lines[:PRINTED_LINES]:
            print(f"printed by your function: {line[:PRINTED_CHARACTERS]}")
        if len(lines) > PRINTED_LINES:
            print("printed by your function: ... and more")


_KERAS_PROGRESS = re.compile(r"^Epoch \d+/\d+|\d+/\S+.*(step|━)|[\x08\x1b]")
