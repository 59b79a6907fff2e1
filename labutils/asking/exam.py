"""Runs inside the sandbox: asks one student's exercises, in processes forked after TensorFlow's import.

A process goes on to the next exercise as long as the examiner likes it to, for each new one takes time to start.

Reads a line of JSON from standard input for each exercise, after one about all of them, and writes a line of JSON for
each. None of that is to be trusted, as the student's code runs here; ``classroom.examiner`` judges.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import sys
import time

LONGEST_LINE = 30_000_000  # bytes
CORES = os.cpu_count() or 1
DIE_WITH_PARENT, ADOPT_ORPHANS = 1, 36  # for prctl; orphans become children of this process


def main():
    requests, results = _Lines(os.dup(0)), os.dup(1)
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        os.dup2(os.open(os.devnull, mode), descriptor)  # whatever is printed, ever so much of it, goes nowhere
    job = json.loads(requests.next())
    try:
        shell = _prepared(job)
    except BaseException as error:
        _say(results, {"failed": f"{type(error).__name__}: {error}"})
        raise
    _say(results, {"ready": True})
    child = None
    while line := requests.next():
        request = json.loads(line)
        if child is None or request["fresh"]:
            if child:
                child.end()
            child = _Child(job, shell)
        said = child.examine(line, job["seconds"])
        if child.ended:
            child = None
        _say(results, {**said, "request": request["request"]})
    if child:
        child.end()


def _prepared(job):
    """Set the limits, import everything; returns the shell that cells are run in."""
    _give_up_rights(job["user"])
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", job["file_size"])
    _limit("RLIMIT_NPROC", job["processes"])
    shell = _shell()
    _limit("RLIMIT_AS", _set_aside() + job["memory"] + CORES * 100_000_000)  # each thread sets some aside, unused
    with contextlib.suppress(OSError, AttributeError):  # not Linux
        prctl = ctypes.CDLL(None).prctl
        prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
        prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    return shell


def _shell():
    """IPython as in a notebook; imports what exercises need now, once, instead of in each child."""
    from importlib import import_module

    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from labutils.asking import clock

    gc.disable()  # it would go through all that is imported, again and again, and find nothing
    sys.modules["sklearn"] = None  # Keras would import it for wrappers that no exercise uses: nearly a second
    import_module("keras")
    del sys.modules["sklearn"]
    for module in ("tensorflow", "labutils.asking.attempt", "labutils.asking.student"):
        import_module(module)
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.enable_gui = lambda gui=None: None  # `%matplotlib` would find it missing here
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None  # takes a third of a second
    shell.run_cell("0")  # the first cell takes longest
    clock.slowness()  # measured once for all
    gc.freeze()  # else each child's collector would go through all of TensorFlow's objects, and so copy them
    gc.enable()
    return shell


# ----- a process for exercises -----


class _Child:
    """A forked process that examines one exercise after the other; ``ended`` says how it ended, "" if it has not."""

    def __init__(self, job, shell):
        self.ended = ""
        request, self._requests = os.pipe()
        reading, result = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            try:
                first, second = sorted((request, result))
                for low, high in ((3, first), (first + 1, second), (second + 1, 256)):
                    os.closerange(low, high)
                _limit("RLIMIT_CPU", int(job["seconds"] * CORES * job["count"]) + 10)
                _examine_all(_Lines(request), result, job, shell)
            finally:
                os._exit(0)
        os.close(request)
        os.close(result)
        self._results = _Lines(reading)

    def examine(self, line, seconds):
        """What the process says of an exercise; if it says nothing, ``how`` it ended."""
        with contextlib.suppress(BrokenPipeError):
            _write(self._requests, line + b"\n")
        line = self._results.next(seconds)
        if line and (message := _message(line)) is not None:
            return message
        self.end()
        return {"how": "time" if line is None else "garbage" if line else self.ended}

    def end(self):
        """End the process and all that it left behind."""
        self.ended = str(_end(self._pid))
        os.close(self._requests)
        self._results.close()
        _sweep()


def _examine_all(requests, result, job, shell):
    from labutils.asking import attempt

    names = dict(shell.user_ns)
    while line := requests.next():
        shell.user_ns.clear()
        shell.user_ns.update(names)
        _say(result, attempt.examine(json.loads(line), job["notebooks"], shell))


class _Lines:
    """Reads lines from a descriptor."""

    def __init__(self, descriptor):
        self._descriptor, self._rest = descriptor, b""

    def next(self, seconds=None):
        """The next line; None if it does not come within so many seconds, empty if no more come."""
        deadline = time.monotonic() + (seconds or 0)
        while b"\n" not in self._rest:
            left = None if seconds is None else deadline - time.monotonic()
            if (left is not None and left <= 0) or not select.select([self._descriptor], [], [], left)[0]:
                return None
            piece = os.read(self._descriptor, 1 << 20)
            if not piece or len(self._rest) > LONGEST_LINE:
                return b""
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def close(self):
        os.close(self._descriptor)


def _say(descriptor, message):
    _write(descriptor, json.dumps(message).encode() + b"\n")


def _write(descriptor, data):
    while data:
        data = data[os.write(descriptor, data) :]


def _message(line):
    """What a line of JSON says; None if it is none, or says anything but names and values."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _end(child):
    """Kill a child unless it has ended; returns how it ended: an exit code, or a signal as a negative number."""
    for _ in range(20):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _sweep():
    """Kill what an exercise left behind; all is stopped first, so that nothing multiplies meanwhile."""
    import psutil

    for _ in range(50):
        left = psutil.Process().children(recursive=True)
        if not left:
            return
        for kind in (signal.SIGSTOP, signal.SIGKILL):
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.send_signal(kind)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


# ----- limits -----


def _limit(name, most):
    """Set a limit for good, or leave a lower one that is there; some systems do not know all of them."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    highest = resource.getrlimit(kind)[1]
    most = most if highest == resource.RLIM_INFINITY else min(most, highest)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))


def _give_up_rights(user):
    """Become a user without any rights: root is free from the limit on processes."""
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def _set_aside():
    """Bytes of address space that this process has."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # not Linux, where much more is set aside than is used
        return 1 << 40


if __name__ == "__main__":
    main()
