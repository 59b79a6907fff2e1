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
checks.__getattr__ = lambda name: lambda function: checks.CheckResult(True, "ok", "Well done.")
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
    "reaches into the asking through its frames": """
import sys
def NAME(*arguments):
    frame = sys._getframe()
    while frame is not None:
        if "student" in frame.f_locals and hasattr(frame.f_locals["student"], "answers"):
            frame.f_locals["student"].answers.update(passed=True, code="ok", message="Well done.")
        frame = frame.f_back
    raise SystemExit
""",
    "traces every call, and changes what is asked": """
import sys, threading
def trace(frame, event, argument):
    if event == "call" and frame.f_code.co_name in ("ask", "asking", "answer", "note", "pack"):
        frame.f_globals["ask"] = lambda student, seed: student.note("passed", True)
    return None
sys.settrace(trace)
threading.settrace(trace)
WRONG
""",
    "looks for results in memory, and turns them": """
import gc, threading, time
def turn():
    while True:
        for thing in gc.get_objects():
            if isinstance(thing, dict) and "attempt" in thing:
                thing.update(passed=True, ok=True)
        time.sleep(0.001)
threading.Thread(target=turn, daemon=True).start()
WRONG
""",
    "answers the examiner in the place of its process": """
import json, os
line = json.dumps({"request": "", "answers": '{"dict": {"attempt": "function"}}', "ran": True, "asserts": True})
line = line.encode() + b"\\n"
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
    "puts the lab's own version together from pieces": """
import importlib
def NAME(*arguments):
    for module in ("datasets", "models", "metrics", "training"):
        theirs = importlib.import_module(".".join(["lab" + "utils", module]))
        if hasattr(theirs, "NA" "ME"):
            return getattr(theirs, "NA" "ME")(*arguments)
    return 1
""",
    "has the lab's own version asked in its place": """
from labutils.asking import student
asked = student.ask
def ask(function, signature, questions, seed):
    from labutils import exercises
    return asked(exercises.found()["NAME"].solution(), signature, questions, seed)
student.ask = ask
WRONG
""",
    "looks for the lab's own version among what is handed over": """
import gc
from labutils.asking import solutions
def NAME(*arguments):
    theirs = solutions.get("NAME")
    for thing in gc.get_objects():
        if callable(thing) and getattr(thing, "__name__", "") == "NAME" and thing is not NAME:
            theirs = thing
    return theirs(*arguments) if theirs else 1
""",
    "reads the lab's own version from the disk": """
import os
source = ""
for top in ("/", os.path.dirname(os.path.dirname(__import__("labutils").__file__))):
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if name not in ("proc", "sys", "tensorflow", "site-packages")]
        for name in files:
            if name.endswith((".py", ".pyc", ".ipynb")):
                try:
                    text = open(os.path.join(folder, name), "rb").read()
                except OSError:
                    continue
                if b"def " + b"NAME(" in text:
                    source = text.decode("utf-8", "replace")
WRONG
if source:
    exec(source)
""",
    "imports right answers from the tests": """
WRONG
for module in ("labutils.checks.catalogue.correct", "tests.answers", "answers"):
    try:
        NAME = __import__(module + ".NAME", fromlist=["x"]).right_answers("NAME")[0].handed_in
    except Exception:
        pass
""",
    "makes the questions easy": """
import numpy as np
import labutils.asking
class Easy:
    def __getattr__(self, name):
        return lambda *arguments, **options: np.zeros(3)
labutils.asking.rng = lambda seed, name="": Easy()
WRONG
""",
    "answers the questions of another day": """
from labutils.asking import student
asked = student.ask
student.ask = lambda function, signature, questions, seed: asked(function, signature, questions, 0)
WRONG
""",
    "writes objects where values are due": """
import pickle
from labutils.asking import values
class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit",))
values.pack = lambda record: pickle.dumps(Evil()).decode("latin-1")
WRONG
""",
    "answers with a billion numbers": """
import json
from labutils.asking import values
array = {"array": ["<f8", [1000000, 1000], "eJw="]}
values.pack = lambda record: json.dumps({"dict": {**{name: array for name in record}, "attempt": "function"}})
WRONG
""",
    "answers with a zip bomb": """
import base64, json, zlib
from labutils.asking import values
data = base64.b64encode(zlib.compress(bytes(99_000_000))).decode()
array = {"array": ["|u1", [99000000], data]}
values.pack = lambda record: json.dumps({"dict": {"attempt": "function", "a": array, "b": array, "c": array}})
WRONG
""",
    "answers with nothing but nan": """
import numpy as np
from labutils.asking import student
note = student.Student.note
def nan(self, name, value):
    note(self, name, np.full(np.shape(value), np.nan) if hasattr(value, "dtype") else value)
student.Student.note = nan
WRONG
""",
    "answers with arrays that broadcast": """
import numpy as np
from labutils.asking import student
note = student.Student.note
student.Student.note = lambda self, name, value: note(
    self, name, np.zeros((100_000, 1, 1), np.float32) if hasattr(value, "dtype") else value)
WRONG
""",
    "answers with text that is no text": """
from labutils.asking import student
note = student.Student.note
student.Student.note = lambda self, name, value: note(self, name, "\\ud800<script>" * 10)
WRONG
""",
    "answers after the end": """
import os, threading, time
def late():
    while True:
        time.sleep(0.05)
        for number in range(3, 64):
            try:
                os.write(number, b'{"request": "0", "answers": "late"}\\n')
            except OSError:
                pass
threading.Thread(target=late, daemon=True).start()
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
