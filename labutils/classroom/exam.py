"""Runs inside the sandbox: one student's exercises, in processes forked after TensorFlow's import.

A process goes on to the next exercise as long as all is well, for each new one takes time to start. What goes wrong in
a process that has run other exercises may be their doing: it does not count, and is examined again in a new one.

Reads a job from standard input and writes a line of JSON for whatever happens. None of that is to be trusted, as the
student's code runs here; ``examiner`` judges.
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

LONGEST_RESULT = 30_000_000  # bytes
CORES = os.cpu_count() or 1
DIE_WITH_PARENT, ADOPT_ORPHANS = 1, 36  # for prctl; orphans become children of this process


def main():
    job = json.load(sys.stdin)
    results = os.dup(1)
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        os.dup2(os.open(os.devnull, mode), descriptor)  # whatever is printed, ever so much of it, goes nowhere
    try:
        shell = _prepared(job)
    except BaseException as error:
        _say(results, {"failed": f"{type(error).__name__}: {error}"})
        raise
    _say(results, {"ready": True})
    left, passed = job["exercises"], set(job["passed"])
    while left:
        left = left[_examine_some(left, passed, job, shell, results) :]


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


def _say(descriptor, message):
    line = json.dumps(message).encode() + b"\n"
    while line:
        line = line[os.write(descriptor, line) :]


def _shell():
    """IPython as in a notebook; imports what exercises need now, once, instead of in each child."""
    from importlib import import_module

    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from labutils.checks import running
    from labutils.checks.exercises import EXERCISES

    gc.disable()  # it would go through all that is imported, again and again, and find nothing
    sys.modules["sklearn"] = None  # Keras would import it for wrappers that no exercise uses: nearly a second
    import_module("keras")
    del sys.modules["sklearn"]
    judges = {f"checks.{exercise.judge_module}" for exercise in EXERCISES.values()}
    for module in (*judges, "classroom.attempt"):
        import_module(f"labutils.{module}")
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.enable_gui = lambda gui=None: None  # `%matplotlib` would find it missing here
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None  # takes a third of a second
    shell.run_cell("0")  # the first cell takes longest
    running.slowness()  # measured once for all
    gc.freeze()  # else each child's collector would go through all of TensorFlow's objects, and so copy them
    gc.enable()
    return shell


# ----- a process for exercises -----


def _examine_some(exercises, passed, job, shell, results):
    """Examine exercises in one child process until one goes wrong; returns how many are done with."""
    said, done = _in_a_child(exercises, passed, job, shell), 0
    for exercise in exercises:
        _say(results, {"begin": exercise["name"], "alone": not done})
        result = next(said)
        well = _is_well(result)
        if well or not done:
            done += 1
            if result.get("ran") is True:
                passed.add(exercise["name"])
            _say(results, {"end": exercise["name"], **result})
        if not well:
            break
    said.close()
    return done


def _is_well(result):
    """Whether an exercise passed, by its own account, and answered the questions."""
    return result.get("ran") is True and result.get("asserts") is True and not {"refused", "unaskable"} & set(result)


def _in_a_child(exercises, passed, job, shell):
    """Yield what a child process says of each exercise; instead, if it says nothing more, ``how`` it ended."""
    from labutils.classroom import attempt

    reading, writing = os.pipe()
    child, ended = os.fork(), None
    if not child:
        try:
            os.closerange(3, writing)
            os.closerange(writing + 1, 256)
            _limit("RLIMIT_CPU", int(job["seconds"] * CORES * len(exercises)) + 10)
            names = dict(shell.user_ns)
            for exercise in exercises:
                shell.user_ns.clear()
                shell.user_ns.update(names)
                result = attempt.examine(exercise, passed, job, shell)
                _say(writing, result)
                if not _is_well(result):
                    break
                passed.add(exercise["name"])
        finally:
            os._exit(0)
    os.close(writing)
    try:
        for line in _lines(reading, job["seconds"]):
            if not line:
                ended = _end(child)
                yield {"how": "time" if line is None else ended}
                return
            yield _message(line)
    finally:
        os.close(reading)
        if ended is None:
            _end(child)
        _sweep()


def _lines(descriptor, seconds):
    """Yield lines, each within so many seconds of being asked for; None if the time is up, empty if no more come."""
    rest = b""
    while True:
        deadline = time.monotonic() + seconds
        while b"\n" not in rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                yield None
                return
            piece = os.read(descriptor, 1 << 20)
            if not piece or len(rest) > LONGEST_RESULT:
                yield b""
                return
            rest += piece
        line, rest = rest.split(b"\n", 1)
        yield line


def _message(line):
    try:
        result = json.loads(line)
    except (ValueError, RecursionError):
        result = None
    return result if isinstance(result, dict) else {"how": "garbage"}


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
