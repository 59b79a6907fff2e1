"""Where students' code runs: in bubblewrap, which shows it nothing but what it needs; else under limits alone."""

import contextlib
import functools
import json
import os
import secrets
import select
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
        *_wrapped(program, Limits(), _user(0), PACKAGE),
        sys.executable,
        "-c",
        "import labutils, os; os.listdir('/proc/self')",
    ]
    try:
        done = subprocess.run(trial, env=_environment(), capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if done.returncode == 0 else None


class Ended(Exception):
    """A sandbox has ended; ``how``: "end", "start" (never began), "time", "memory", "processes" or "output"."""

    def __init__(self, how, reason=""):
        super().__init__(how)
        self.how, self.reason = how, reason


@contextlib.contextmanager
def opened(job, limits, slot, package, protected):
    """Start ``labutils.asking.exam`` in a sandbox.

    Parameters
    ----------
    job : dict
        Without limits, which are added here.
    limits : Limits
    slot : int
        A number that no sandbox has that runs at the same time.
    package : Path
        The copy of labutils that it shows, see ``stripped``.
    protected : bool
        Whether in bubblewrap.

    Yields
    ------
    Sandbox
        Ready to be asked. Everything that it started is killed at the end.

    Raises
    ------
    Ended
        It could not be made ready.
    """
    with tempfile.TemporaryDirectory(prefix="labutils-") as folder:
        command, user = [sys.executable, "-P", "-m", "labutils.asking.exam"], None
        if protected:
            user = _user(slot)
            command = [*_wrapped(bubblewrap(), limits, user, package), *command]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment() if protected else _environment(folder, package.parent),
            start_new_session=True,
        )
        try:
            box = Sandbox(process, limits)
            box.start({**job, **_limits_of(limits, user)})
            yield box
        finally:
            _kill(process)


class Sandbox:
    """A running sandbox, which is sent a line for each exercise and answers with one."""

    def __init__(self, process, limits):
        self._process, self._limits = process, limits
        self._most_processes, self._said, self._rest, self._next_look = 0, 0, b"", 0.0
        os.set_blocking(process.stdin.fileno(), False)
        os.set_blocking(process.stdout.fileno(), False)

    def start(self, job):
        self._most_processes = job["processes"]
        try:
            message = self._exchange(job, self._limits.start)
        except Ended as ended:
            raise Ended("start", "nothing was heard from it in time") from ended
        if "ready" not in message:
            raise Ended("start", str(message.get("failed", ""))[:4000])

    def ask(self, request):
        """Send a request; returns the answer to it, a dict that anybody in the sandbox may have written.

        Raises
        ------
        Ended
            Instead of an answer.
        """
        request = {**request, "request": secrets.token_hex(16)}  # what was said before it was sent is no answer to it
        deadline = time.monotonic() + 2 * (self._limits.seconds + GRACE)
        message = self._exchange(request, self._limits.seconds + GRACE)
        while message.get("request") != request["request"]:
            message = self._heard(min(deadline, time.monotonic() + self._limits.seconds + GRACE))
        return message

    def _exchange(self, message, seconds):
        deadline, data = time.monotonic() + seconds, json.dumps(message).encode() + b"\n"
        while data:
            if not self._is_ready((), (self._process.stdin,), deadline):
                continue
            try:
                data = data[os.write(self._process.stdin.fileno(), data) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Ended("end") from None
        return self._heard(deadline)

    def _heard(self, deadline):
        """The next message."""
        while b"\n" not in self._rest:
            if not self._is_ready((self._process.stdout,), (), deadline):
                continue
            piece = self._process.stdout.read1(1 << 20)
            if piece == b"":
                raise Ended("end")
            self._rest += piece or b""
            self._said += len(piece or b"")
            if self._said > MOST_SAID:
                raise Ended("output")
        line, self._rest = self._rest.split(b"\n", 1)
        return _message(line)

    def _is_ready(self, reading, writing, deadline):
        """Wait a moment for one of the pipes, and see that the sandbox keeps to its limits."""
        ready = any(select.select(reading, writing, (), 0.25))
        if stopping.is_set():
            raise InterruptedError("grading was stopped")
        if time.monotonic() > deadline:
            raise Ended("time")
        if time.monotonic() > self._next_look:
            self._next_look = time.monotonic() + 1
            family = _family(self._process)
            if len(family) > self._most_processes:
                raise Ended("processes")
            if sum(map(_memory, family)) > 2 * self._limits.memory + 2_000_000_000:
                raise Ended("memory")
        return ready


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
    with contextlib.suppress(OSError):  # what was not sent any more
        process.stdin.close()
    process.wait()


def _environment(folder=None, packages=PACKAGE.parent):
    """What the sandbox is told of the world outside: next to nothing."""
    home = folder or "/tmp"
    kept = ("LABUTILS_DIGITS", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": str(packages),
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


def _wrapped(program, limits, user, package):
    """bubblewrap's command line: a new root that holds the system, Python, the digits, and ``package`` in the place of
    labutils, all read-only.

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
    for folder in sorted({above for place in [*places, PACKAGE] for above in place.parents} - {Path("/")}):
        command += ["--perms", "0755", "--dir", str(folder)]  # bubblewrap would let root alone look into them
    for place in places:
        if place.is_symlink():
            command += ["--symlink", os.readlink(place), str(place)]
        else:
            command += ["--ro-bind", str(place), str(place)]
    command += ["--ro-bind", str(package), str(PACKAGE)]
    return [*command, "--remount-ro", "/", "--chdir", WORK, "--"]


def _shown():
    """What is to be seen inside, read-only, at the places where it is outside."""
    shown = {*map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"))}
    shown |= {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    shown |= {Path(sys.prefix), Path(sys.base_prefix)}
    shown |= {_digits() / name for name in DIGITS} if _digits() else set()
    shown |= {Path(place) for place in [*site.getsitepackages(), *sysconfig.get_paths().values()]}
    return [place for place in sorted(shown) if place.exists() and not any(above in shown for above in place.parents)]


def _user(slot):
    """Whom root becomes inside, as root could not be limited: nobody, if nobody can read what is shown; else None."""
    open_to_all = all(place.stat().st_mode & 0o005 == 0o005 for place in _shown() if place.is_dir())
    return FIRST_USER + slot if os.geteuid() == 0 and open_to_all else None
