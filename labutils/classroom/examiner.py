"""Examines one student in a sandbox and judges what comes out of it; never runs, nor believes, a student's code."""

import re
import secrets
from dataclasses import asdict, dataclass

from labutils.checks.exercises import EXERCISES
from labutils.classroom import proof, sandbox

_CHECKS = {exercise.name: check for check, exercise in EXERCISES.items()}

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted"
NOT_HANDED_IN, STOPPED, SUSPICIOUS, OPEN = "not handed in", "stopped", "suspicious", "needs a human"
TO_LOOK_AT = OPEN, SUSPICIOUS, STOPPED
TRIES = 2  # to start a sandbox
_UNSURE = "The result could not be confirmed. Your teacher will look at it."


@dataclass
class Verdict:
    """What an exercise got.

    Attributes
    ----------
    state : str
        One of this module's; ``OPEN`` is no grade, but a request for one.
    code, message, hint : str
        As in ``labutils.checks.CheckResult``; the student's process wrote them, so they may say anything.
    why : str
        For the teacher.
    """

    state: str
    code: str = ""
    message: str = ""
    hint: str = ""
    why: str = ""

    def score(self, points):
        """Float, or None if there is no grade yet."""
        return None if self.state == OPEN else float(points) if self.state == PASSED else 0.0

    def as_json(self):
        return asdict(self)


def examine(papers, exercises, limits, slot, protected):
    """Judge all exercises of a student.

    Parameters
    ----------
    papers : dict of str to Transplanted
        By notebook; those that were not handed in are missing.
    exercises : dict of str to list of transplant.Exercise
        All that there are, by notebook.
    limits : sandbox.Limits
    slot : int
        A number that no other examination has at the same time.
    protected : bool

    Returns
    -------
    dict of str to Verdict
        By exercise.
    """
    verdicts, asked = {}, []
    for notebook, those in exercises.items():
        for exercise in those:
            cells = papers[notebook].cells if notebook in papers else []
            verdict = _without_asking(cells, exercise)
            if verdict:
                verdicts[exercise.name] = verdict
            else:
                number = next(n for n, (kind, _) in enumerate(cells) if kind == exercise.name)
                check = _CHECKS.get(exercise.name)
                asked.append(
                    {"name": exercise.name, "notebook": notebook, "cell": number, "test": exercise.test, "check": check}
                )
    notebooks = {name: paper.cells for name, paper in papers.items()}
    verdicts |= _examined(notebooks, asked, limits, slot, protected)
    for one in asked:
        if verdicts[one["name"]].state == PASSED and _names_the_reference(notebooks[one["notebook"]], one["check"]):
            verdicts[one["name"]].why = "the student's code names the lab's own version"
    return {exercise.name: verdicts[exercise.name] for those in exercises.values() for exercise in those}


def _without_asking(cells, exercise):
    """The verdict on an exercise that there is nothing of; None for others."""
    pieces = next((pieces for kind, pieces in cells if kind == exercise.name), [])
    elsewhere = [piece for kind, pieces in cells if kind == "student" for piece in pieces]
    if pieces not in ([], [exercise.stub]) or any(re.search(rf"\b{exercise.name}\b", piece) for piece in elsewhere):
        return None
    if pieces:
        return Verdict(NOT_ATTEMPTED, "not-attempted", "The cell is as it was handed out.")
    return Verdict(NOT_HANDED_IN, "not-handed-in", "There is no cell with a solution to this exercise.")


def _names_the_reference(cells, check):
    """Whether a student's code mentions the version in labutils: no fault, as all can read it, but good to know."""
    if check is None:
        return False
    module, name = EXERCISES[check].reference_module, EXERCISES[check].name
    own = "\n".join(piece for kind, pieces in cells if kind != "lab" for piece in pieces)
    return re.search(rf"\b{module}\s*\.\s*{name}\b|\bfrom\s+labutils\.{module}\s+import\b", own) is not None


def _examined(notebooks, asked, limits, slot, protected):
    """Verdicts on the exercises asked, with a new sandbox for the rest whenever one of them destroys its own.

    An exercise that is suspicious, or destroys the sandbox, in a process that ran others before, has another try: in a
    new sandbox, and there sooner or later as the first, which is always judged.
    """
    verdicts, left, failures, reason = {}, list(asked), 0, "nothing was heard from it in time"
    while left and failures < TRIES:
        seed = secrets.randbits(60)
        passed = [name for name, verdict in verdicts.items() if verdict.state == PASSED]
        known, current, alone = {exercise["name"]: exercise for exercise in left}, None, None
        job = {"notebooks": notebooks, "exercises": left, "passed": passed, "seed": seed}
        messages = sandbox.run(job, limits, slot, protected)
        began = len(left)
        for message in messages:
            if isinstance(message, str):
                if current in known and alone:
                    verdicts.setdefault(current, _destroyed(message, limits))
                break
            reason, begun = _text(message.get("failed")) or reason, _text(message.get("begin"))
            if begun in known and begun not in verdicts:
                current, alone = begun, alone is None or message.get("alone") is True
            elif current is not None and message.get("end") == current:
                verdict = judge(message, known[current]["check"], seed, limits)
                if verdict.state == PASSED or alone:
                    verdicts[current] = verdict
                current = None
        left = [exercise for exercise in left if exercise["name"] not in verdicts]
        failures += len(left) == began
    for exercise in left:
        why = f"its process could not be made ready for the exam, in {TRIES} attempts: {reason}"
        verdicts[exercise["name"]] = Verdict(OPEN, "not-graded", "This could not be graded yet.", why=why)
    return verdicts


def judge(said, check, seed, limits):
    """The verdict on what a student's process said.

    Parameters
    ----------
    said : dict
        From ``exam``, or from a student who would like it to look so.
    check : str or None
        The exercise in ``labutils.checks``; None for one that the lab does not know.
    seed : int
        For the questions of ``proof``.
    limits : sandbox.Limits
    """
    found = said.get("check") if isinstance(said.get("check"), dict) else {}
    code, message, hint = (_text(found.get(name)) for name in ("code", "message", "hint"))
    error = _text(said.get("error"))
    if "how" in said:
        return _ended(said["how"], limits)
    if said.get("missing"):
        words = f"The cell cannot be run: {error}" if error else "The cell defines no function of the exercise's name."
        return Verdict(
            NOT_YET, "cell-fails" if error else "not-defined", words, "Run the cell by itself, and read the last line."
        )
    if code == "not-attempted":
        return Verdict(NOT_ATTEMPTED, code, message, hint)
    if said.get("asserts") is not True:
        return Verdict(SUSPICIOUS, "suspicious", _UNSURE, why="a test that must fail did not fail")
    if said.get("ran") is not True:
        if found.get("passed") is True or (not found and error.startswith("AssertionError")):
            return Verdict(NOT_YET, "hidden-test", "A hidden test does not pass.")
        return Verdict(NOT_YET, code or "check-fails", message or f"The check stops: {error}", hint)
    if found.get("passed") is not True and found:
        return Verdict(SUSPICIOUS, "suspicious", _UNSURE, why=f"the check says {code}, but its test did not fail")
    if check is None:
        return Verdict(
            PASSED, code or "ok", message, why="the lab has no questions for this exercise: taken at its word"
        )
    if unaskable := _text(said.get("unaskable")):
        return Verdict(OPEN, "not-confirmed", _UNSURE, why=f"the check passed, but cannot be confirmed: {unaskable}")
    try:
        proof.confirm(check, seed, said.get("answers"))
    except proof.Refused as refused:
        why = f"the check passed, but asked anew: {_text(said.get('refused')) or refused}"
        return Verdict(SUSPICIOUS, "suspicious", _UNSURE, why=why)
    return Verdict(PASSED, code, message)


def _text(value):
    return value[:4000].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _ended(how, limits):
    if how == "time":
        return Verdict(
            STOPPED,
            "never-ends",
            f"Your code was stopped after {limits.seconds:.0f} seconds.",
            "Something in it goes on for ever, or takes very long.\nDoes the cell do more than define the function?",
        )
    return Verdict(
        STOPPED,
        "process-ended",
        "Your code ended the process that it ran in.",
        "Is there an `exit` in it, or something that takes more memory than there is?",
        why=f"the process ended ({how})" if isinstance(how, int) else "",
    )


def _destroyed(how, limits):
    verdict = _ended("time" if how == "time" else how, limits)
    verdict.why = {
        "memory": "all its processes together took too much memory",
        "processes": "it started too many processes",
        "output": "it wrote too much to the examiner",
        "time": "it did not end when its time was up",
    }.get(how, "it took its whole sandbox down")
    return verdict
