"""Runs inside the sandbox: each exercise of one student in a process of its own, forked after TensorFlow's import.

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

LONGEST_TEXT = 4000  # characters of a message or hint
LONGEST_RESULT = 30_000_000  # bytes
CORES = os.cpu_count() or 1
IMPORTED = "builtin_digits", "figures", "training", "widgets", "classroom.answers", "classroom.program"  # and the rest
DIE_WITH_PARENT, ADOPT_ORPHANS = 1, 36  # for prctl; orphans become children of this process


def main():
    job = json.load(sys.stdin)
    results = os.dup(1)
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        os.dup2(os.open(os.devnull, mode), descriptor)  # whatever is printed, ever so much of it, goes nowhere
    try:
        shell = _prepared(job)
    except BaseException as error:
        _say(results, {"failed": f"{type(error).__name__}: {error}"[:LONGEST_TEXT]})
        raise
    _say(results, {"ready": True})
    passed = set(job["passed"])
    for exercise in job["exercises"]:
        _say(results, {"begin": exercise["name"]})
        result = _in_a_child(exercise, passed, job, shell)
        if result.get("check", {}).get("passed") is True:
            passed.add(exercise["name"])
        _say(results, {"end": exercise["name"], **result})


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

    judges = {f"checks.{exercise.judge_module}" for exercise in EXERCISES.values()}
    for module in (*judges, *IMPORTED):
        import_module(f"labutils.{module}")
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.enable_gui = lambda gui=None: None  # `%matplotlib` would find it missing here
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None  # takes a third of a second
    shell.run_cell("0")  # the first cell takes longest
    running.slowness()  # measured once for all
    gc.collect()
    gc.freeze()  # else each child's collector would go through all of TensorFlow's objects, and so copy them
    return shell


# ----- a process for an exercise -----


def _in_a_child(exercise, passed, job, shell):
    """Examine one exercise in a child process; returns what it said, and ``how`` it ended if it said nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.closerange(3, writing)
            os.closerange(writing + 1, 256)
            _limit("RLIMIT_CPU", int(job["seconds"] * CORES) + 10)
            _say(writing, _examine(exercise, passed, job, shell))
        finally:
            os._exit(0)
    os.close(writing)
    line = _read_line(reading, time.monotonic() + job["seconds"])
    os.close(reading)
    ended = _end(child)
    _sweep()
    try:
        result = json.loads(line or b"")
        return result if isinstance(result, dict) else {"how": "garbage"}
    except ValueError:
        return {"how": "time" if line is None else ended}


def _read_line(descriptor, deadline):
    """A line, or what there was of it when its writer ended; None if the time was up before."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST_RESULT:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            break
        line += piece
    return line


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


# ----- an exercise -----


def _examine(exercise, passed, job, shell):
    """Run a student's cell and its check, and ask the function the questions of the proof."""
    from labutils.classroom import answers, program

    cells, number = job["notebooks"][exercise["notebook"]], exercise["cell"]
    names = {kind for kind, _ in cells} - {"lab", "student"}
    pieces, broken = _runnable(cells[number][1])
    wanted = {exercise["name"]} if not pieces else set()
    for source in [*pieces, exercise["test"]]:
        code = compile(program.to_python(source), "<cell>", "exec", dont_inherit=True, flags=program.AWAIT)
        wanted |= program.needs(code)
    found = program.statements(cells)
    defined = {name for statement in found if statement.cell == number for name in statement.defines}
    sources, references = program.before(
        found, number, (wanted - defined) | ({exercise["name"]} - defined), names, passed
    )
    for name in references:
        shell.user_ns[name] = _reference(name)
    errors = [_error(shell.run_cell(source)) for source in [*sources, *pieces]]
    if exercise["name"] not in shell.user_ns:
        error = broken or next((error for error in reversed(errors) if error), None)
        return {"missing": True, "error": error}
    ran = shell.run_cell(exercise["test"])
    result = {"ran": bool(ran.success), "error": _error(ran), "check": _finding(shell.user_ns.get("result"))}
    result["asserts"] = not shell.run_cell("assert False").success
    if ran.success and exercise["check"]:
        try:
            result["answers"] = answers.ask(exercise["check"], shell.user_ns[exercise["name"]], job["seed"])
        except answers.Unaskable as error:
            result["unaskable"] = str(error)[:LONGEST_TEXT]
        except BaseException as error:
            result["refused"] = f"{type(error).__name__}: {error}"[:LONGEST_TEXT]
    return result


def _runnable(pieces):
    """A solution's pieces as one cell if that can be run, else those that can; and why not all can."""
    from labutils.classroom import program

    whole = "\n".join(pieces)
    error = program.compiles(whole)
    if error is None:
        return [whole] if pieces else [], None
    text = (getattr(error, "text", None) or "").strip()
    place = f" (your line {error.lineno}: `{text[:120]}`)" if text and getattr(error, "lineno", None) else ""
    message = f"{type(error).__name__}: {getattr(error, 'msg', error)}{place}"[:LONGEST_TEXT]
    return [piece for piece in pieces if program.compiles(piece) is None], message


def _reference(name):
    from labutils.checks.exercises import EXERCISES

    return next((exercise.reference() for exercise in EXERCISES.values() if exercise.name == name), None)


def _error(ran):
    error = ran.error_before_exec or ran.error_in_exec
    return f"{type(error).__name__}: {error}"[:LONGEST_TEXT] if error is not None else None


def _finding(result):
    """What a check found, as plain text."""
    if result is None or not hasattr(result, "passed"):
        return {}
    texts = {name: str(getattr(result, name, ""))[:LONGEST_TEXT] for name in ("code", "message", "hint")}
    return {"passed": bool(result), **texts}


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
