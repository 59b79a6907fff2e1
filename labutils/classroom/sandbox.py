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
MOST_SAID = 200_000_000  # bytes from one sandbox
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
    trial = [*_wrapped(program, Limits()), sys.executable, "-c", "import labutils, os; os.listdir('/proc/self')"]
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
        The messages; at the end how it ended: "end", "start" (never began), "time", "memory" or "output".

    Everything that the sandbox started is killed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="labutils-") as folder, tempfile.TemporaryFile() as input_file:
        command = [sys.executable, "-P", "-m", "labutils.classroom.exam"]
        if protected:
            command = [*_wrapped(bubblewrap(), limits), *command]
        input_file.write(json.dumps({**job, **_limits_of(limits, slot, protected)}).encode())
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
            yield from _listen(process, limits)
        finally:
            _kill(process)


def _limits_of(limits, slot, protected):
    cores = os.cpu_count() or 1
    others = 0 if protected else sum(1 for _ in psutil.process_iter())  # they count as well
    return {
        "seconds": limits.seconds,
        "memory": limits.memory,
        "file_size": limits.disk,
        "processes": 200 + 40 * cores + 4 * others,  # threads are counted, too, and TensorFlow has some for each core
        "user": FIRST_USER + slot if protected and os.geteuid() == 0 else None,
    }


def _listen(process, limits):
    """Yield messages, and how it ended."""
    said, rest, began = 0, b"", False
    os.set_blocking(process.stdout.fileno(), False)
    deadline = time.monotonic() + limits.start
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
            deadline = (
                time.monotonic() + limits.seconds + 30
            )  # the exam itself sees to the seconds, unless it is stopped
            yield message
        if stopping.is_set():
            raise InterruptedError("grading was stopped")
        if time.monotonic() > deadline:
            yield "time" if began else "start"
            return
        if said > MOST_SAID:
            yield "output"
            return
        if time.monotonic() > next_look:
            next_look = time.monotonic() + 1
            if _memory(process) > 2 * limits.memory + 2_000_000_000:
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
    """Bytes that all processes of a sandbox use."""
    used = 0
    for one in _family(process):
        try:
            memory = one.memory_info()
            used += memory.rss - getattr(memory, "shared", 0)
        except psutil.Error:
            pass
    return used


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
        "TFDS_DATA_DIR": str(_digits()),
        "LABUTILS_ARTIFACTS": f"{home}/artifacts",
        "CUDA_VISIBLE_DEVICES": "-1",
        "MALLOC_ARENA_MAX": "2",
    }


def _digits():
    return Path(os.environ.get("TFDS_DATA_DIR") or Path.home() / "tensorflow_datasets").resolve()


def _wrapped(program, limits):
    """bubblewrap's command line: a new root that holds the system, Python, labutils and the digits, all read-only.

    No network, no other processes, no home folder, no notebooks, and no submissions but this one, which comes by
    standard input; to be written to there is an empty folder in memory.
    """
    shown = {*map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"))}
    shown |= {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    shown |= {Path(sys.prefix), Path(sys.base_prefix), PACKAGE, _digits()}
    shown |= {Path(place) for place in [*site.getsitepackages(), *sysconfig.get_paths().values()]}
    places = [place for place in sorted(shown) if place.exists() and not any(above in shown for above in place.parents)]
    command = [program, "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:  # the exam then becomes a user without rights; as mapped root it could not be limited
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-all", "--disable-userns"]
    for folder in sorted({above for place in places for above in place.parents} - {Path("/")}):
        command += ["--perms", "0755", "--dir", str(folder)]  # bubblewrap would let root alone look into them
    for place in places:
        if place.is_symlink():
            command += ["--symlink", os.readlink(place), str(place)]
        else:
            command += ["--ro-bind", str(place), str(place)]
    room = ["--perms", "1777", "--size", str(limits.disk), "--tmpfs"]
    command += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev", *room, "/tmp"]
    return [*command, "--perms", "0777", "--dir", WORK, "--remount-ro", "/", "--chdir", WORK, "--"]
