"""Where students' code runs: in bubblewrap, which shows it nothing but what it needs; else under limits alone."""

import contextlib
import functools
import json
import os
import shutil
import signal
import site
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

import labutils

PACKAGE = Path(labutils.__file__).resolve().parent
FIRST_USER = 64_000  # of those that nobody has; one for each sandbox, as processes are counted by user
stopping = threading.Event()  # set to end all sandboxes
DIGITS = "mnist", "builtin_digits"  # folders of TFDS
GRACE = 30  # seconds; the exam itself sees to an exercise's time, unless it is stopped
MOST_SAID = 100_000_000  # bytes from one sandbox
WORK = "/tmp/work"  # inside


@dataclass(frozen=True)
class Limits:
    """What one exercise may take.

    Attributes
    ----------
    seconds : float
        Of time, from its start to its result.
    memory : int
        Bytes for a process, beyond what TensorFlow's import sets aside; twice that for all processes together.
    disk : int
        Bytes in temporary files.
    start : float
        Seconds for the sandbox's start, TensorFlow's import included.
    """

    seconds: float = 120
    memory: int = 4_000_000_000
    disk: int = 500_000_000
    start: float = 300


@functools.cache
def bubblewrap():
    """The path of bubblewrap if it works here, else None."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    trial = [
        *_wrapped(program, Limits(), _user(0)),
        sys.executable,
        "-c",
        "import labutils, os; os.listdir('/proc/self')",
    ]
    try:
        done = subprocess.run(trial, env=_environment(), capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if done.returncode == 0 else None


def run(job, limits, slot, protected):
    """Run ``labutils.classroom.exam`` on a job.

    Parameters
    ----------
    job : dict
        Without limits, which are added here.
    limits : Limits
    slot : int
        A number that no sandbox has that runs at the same time.
    protected : bool
        Whether in bubblewrap.

    Yields
    ------
    dict or str
        The messages; at the end how it ended: "end", "start" (never began), "time", "memory",
        "processes" or "output".

    Everything that the sandbox started is killed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="labutils-") as folder, tempfile.TemporaryFile() as input_file:
        command, user = [sys.executable, "-P", "-m", "labutils.classroom.exam"], _user(slot) if protected else None
        if protected:
            command = [*_wrapped(bubblewrap(), limits, user), *command]
        job = {**job, **_limits_of(limits, user)}
        input_file.write(json.dumps(job).encode())
        input_file.seek(0)
        process = subprocess.Popen(
            command,
            stdin=input_file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(None if protected else folder),
            start_new_session=True,
        )
        try:
            yield from _listen(process, job, limits)
        finally:
            _kill(process)


def _limits_of(limits, user):
    cores = os.cpu_count() or 1
    return {
        "user": user,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "file_size": limits.disk,
        # Threads are counted, too; TensorFlow has some for each core. A user's own, out here, may count as well.
        "processes": 200 + 40 * cores + (_own_threads() if user is None else 0),
    }


def _own_threads():
    """How many threads this user has, all processes together."""
    threads = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            threads += process.num_threads() if process.uids().real == os.getuid() else 0
    return threads


def _listen(process, job, limits):
    """Yield messages, and how it ended."""
    said, rest, began = 0, b"", False
    os.set_blocking(process.stdout.fileno(), False)
    deadline = time.monotonic() + limits.start
    last = deadline + 2 * len(job["exercises"]) * (limits.seconds + GRACE)  # whatever else it may say to get more time
    next_look = 0.0
    while True:
        piece = process.stdout.read1(1 << 20) if _readable(process.stdout, 0.25) else None
        if piece == b"":
            yield "end" if began else "start"
            return
        said += len(piece or b"")
        *lines, rest = (rest + (piece or b"")).split(b"\n")
        for line in lines:
            message = _message(line)
            began = began or "ready" in message
            deadline = time.monotonic() + limits.seconds + GRACE
            yield message
        if stopping.is_set():
            raise InterruptedError("grading was stopped")
        if time.monotonic() > min(deadline, last):
            yield "time" if began else "start"
            return
        if said > MOST_SAID:
            yield "output"
            return
        if time.monotonic() > next_look:
            next_look = time.monotonic() + 1
            family = _family(process)
            if len(family) > job["processes"]:
                yield "processes"
                return
            if sum(map(_memory, family)) > 2 * limits.memory + 2_000_000_000:
                yield "memory"
                return


def _readable(file, seconds):
    import select

    return bool(select.select([file], [], [], seconds)[0])


def _message(line):
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _memory(process):
    """Bytes that a process uses, without what it shares with others."""
    try:
        memory = process.memory_info()
    except psutil.Error:
        return 0
    return memory.rss - getattr(memory, "shared", 0)


def _family(process):
    try:
        parent = psutil.Process(process.pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []


def _kill(process):
    """End a sandbox with all that is in it. In bubblewrap nothing can outlive its first process."""
    family = _family(process)
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    for one in family:
        with contextlib.suppress(psutil.Error):
            one.kill()
    process.stdout.close()
    process.wait()


def _environment(folder=None):
    """What the sandbox is told of the world outside: next to nothing."""
    home = folder or "/tmp"
    kept = ("LABUTILS_DIGITS", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        "IPYTHONDIR": f"{home}/ipython",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "MPLBACKEND": "agg",
        "TFDS_DATA_DIR": str(_digits() or f"{home}/digits"),
        "LABUTILS_ARTIFACTS": f"{home}/artifacts",
        "CUDA_VISIBLE_DEVICES": "-1",
        "MALLOC_ARENA_MAX": "2",
    }


def _digits():
    """The folder with the prepared digits; None if there are none, and the sandbox has to make the built-in ones."""
    folder = Path(os.environ.get("TFDS_DATA_DIR") or Path.home() / "tensorflow_datasets").resolve()
    wanted = {"mnist": DIGITS[:1], "builtin": DIGITS[1:]}.get(os.environ.get("LABUTILS_DIGITS"), DIGITS)
    return folder if any((folder / name).is_dir() for name in wanted) else None


def _wrapped(program, limits, user):
    """bubblewrap's command line: a new root that holds the system, Python, labutils and the digits, all read-only.

    No network, no other processes, no home folder, no notebooks, and no submissions but this one, which comes by
    standard input; to be written to there is an empty folder in memory.
    """
    places = _shown()
    command = [program, "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        command += ["--cap-drop", "ALL"]
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if user is not None else []
    else:
        command += ["--unshare-all", "--unshare-user", "--disable-userns"]
    room = ["--perms", "1777", "--size", str(limits.disk), "--tmpfs"]
    command += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev", *room, "/tmp"]
    command += ["--perms", "0777", "--dir", WORK]
    for folder in sorted({above for place in places for above in place.parents} - {Path("/")}):
        command += ["--perms", "0755", "--dir", str(folder)]  # bubblewrap would let root alone look into them
    for place in places:
        if place.is_symlink():
            command += ["--symlink", os.readlink(place), str(place)]
        else:
            command += ["--ro-bind", str(place), str(place)]
    return [*command, "--remount-ro", "/", "--chdir", WORK, "--"]


def _shown():
    """What is to be seen inside, read-only, at the places where it is outside."""
    shown = {*map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"))}
    shown |= {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    shown |= {Path(sys.prefix), Path(sys.base_prefix), PACKAGE}
    shown |= {_digits() / name for name in DIGITS} if _digits() else set()
    shown |= {Path(place) for place in [*site.getsitepackages(), *sysconfig.get_paths().values()]}
    return [place for place in sorted(shown) if place.exists() and not any(above in shown for above in place.parents)]


def _user(slot):
    """Whom root becomes inside, as root could not be limited: nobody, if nobody can read what is shown; else None."""
    open_to_all = all(place.stat().st_mode & 0o005 == 0o005 for place in _shown() if place.is_dir())
    return FIRST_USER + slot if os.geteuid() == 0 and open_to_all else None
