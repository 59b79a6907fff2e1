"""Examines one student in a sandbox and judges what comes out of it; never runs, nor believes, a student's code."""

import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from labutils.asking.values import Unreadable, unpack
from labutils.classroom import sandbox
from labutils.judging import Passed, judge

PASSED, NOT_YET, NOT_ATTEMPTED = "passed", "not yet", "not attempted"
NOT_HANDED_IN, STOPPED, SUSPICIOUS, OPEN = "not handed in", "stopped", "suspicious", "needs a human"
TO_LOOK_AT = OPEN, SUSPICIOUS, STOPPED
TRIES = 2  # to start a sandbox
_UNSURE = "The result could not be confirmed. Your teacher will look at it."
_CHECKED = re.compile(r"^(\s*#.*|result = checks\.\w+\(\w+\)|display\(result\)|assert result\b.*|\s*)$")


@dataclass
class Verdict:
    """What an exercise got.

    Attributes
    ----------
    state : str
        One of this module's; ``OPEN`` is no grade, but a request for one.
    code, message, hint : str
        As in ``labutils.checks.CheckResult``. They may quote text that the student's process wrote.
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


@dataclass(frozen=True)
class Exam:
    """What is the same for all students.

    Attributes
    ----------
    known : dict of str to exercises.Exercise
        By name: the lab's exercises, and the instructor's own.
    limits : sandbox.Limits
    package : Path
        The copy of labutils that sandboxes show.
    protected : bool
        Whether they are in bubblewrap.
    """

    known: dict
    limits: sandbox.Limits
    package: Path
    protected: bool

    def __post_init__(self):
        asked, earlier = {}, []
        for name, exercise in self.known.items():
            asked[name] = {
                "signature": exercise.signature,
                "ask": exercise.asking_source(),
                "solutions": list(earlier),
            }
            earlier.append([exercise.reference, name, exercise.solution_source()])
        # Made once, and not by the threads of the students: Python 3.11 cannot parse in two threads at a time.
        object.__setattr__(self, "asked", asked)
        object.__setattr__(self, "unknown", {"signature": "", "ask": None, "solutions": earlier})


def examine(papers, exercises, exam, slot):
    """Judge all exercises of a student.

    Parameters
    ----------
    papers : dict of str to Transplanted
        By notebook; those that were not handed in are missing.
    exercises : dict of str to list of transplant.Exercise
        All that there are, by notebook.
    exam : Exam
    slot : int
        A number that no other examination has at the same time.

    Returns
    -------
    dict of str to Verdict
        By exercise.
    """
    verdicts, requests = {}, []
    for notebook, those in exercises.items():
        cells = papers[notebook].cells if notebook in papers else []
        for exercise in those:
            if verdict := _without_asking(cells, exercise, exam.known):
                verdicts[exercise.name] = verdict
            else:
                requests.append(_request(exercise, notebook, cells, exam))
    notebooks = {name: paper.cells for name, paper in papers.items()}
    verdicts |= _examined(notebooks, requests, exam, slot)
    for request in requests:
        verdict = verdicts[request["name"]]
        if verdict.state == NOT_YET and _names_the_solution(
            notebooks[request["notebook"]], exam.known[request["name"]]
        ):
            words = "In grading the lab's own version is out of reach, and your code names it."
            verdict.message = f"{verdict.message.rstrip('.')}. {words}"
    return {exercise.name: verdicts[exercise.name] for those in exercises.values() for exercise in those}


def _without_asking(cells, exercise, known):
    """The verdict on an exercise that there is nothing of, or nothing to ask; None for others."""
    pieces = next((pieces for kind, pieces in cells if kind == exercise.name), [])
    elsewhere = [piece for kind, pieces in cells if kind == "student" for piece in pieces]
    if pieces not in ([], [exercise.stub]) or any(re.search(rf"\b{exercise.name}\b", piece) for piece in elsewhere):
        if exercise.name in known or _tests(exercise.test):
            return None
        why = "no file in the folder exercises beside the notebooks has this exercise, and its check has no tests"
        return Verdict(OPEN, "not-graded", "This could not be graded yet.", why=why)
    if pieces:
        return Verdict(NOT_ATTEMPTED, "not-attempted", "The cell is as it was handed out.")
    return Verdict(NOT_HANDED_IN, "not-handed-in", "There is no cell with a solution to this exercise.")


def _request(exercise, notebook, cells, exam):
    """What the sandbox is told of an exercise, but for what differs each time."""
    return {
        "name": exercise.name,
        "notebook": notebook,
        "cell": next(number for number, (kind, _) in enumerate(cells) if kind == exercise.name),
        "tests": _tests(exercise.test) if exercise.name in exam.known else exercise.test,
        **exam.asked.get(exercise.name, exam.unknown),
    }


def _tests(check):
    """The tests in a check cell that go beyond what the exercise's own judge does; mostly none."""
    return "" if all(map(_CHECKED.match, check.splitlines())) else check


def _names_the_solution(cells, exercise):
    """Whether a student's code mentions the version in labutils, which works in a notebook."""
    module = exercise.reference.removeprefix("labutils.")
    own = "\n".join(piece for kind, pieces in cells if kind != "lab" for piece in pieces)
    named = rf"\b{module}\s*\.\s*{exercise.name}\b|\bfrom\s+labutils\.{module}\s+import\b"
    return bool(module) and re.search(named, own) is not None


def _examined(notebooks, requests, exam, slot):
    """Verdicts on the exercises asked, with a new sandbox for the rest whenever one of them destroys its own.

    An exercise that does not pass in a process that ran others before may not be to blame: it is asked once more, in a
    process of its own.
    """
    verdicts, failures, reason = {}, 0, ""
    job = {"notebooks": notebooks, "count": len(requests)}
    while failures < TRIES and (left := [request for request in requests if request["name"] not in verdicts]):
        began = len(left)
        try:
            with sandbox.opened(job, exam.limits, slot, exam.package, exam.protected) as box:
                is_fresh = True
                for request in left:
                    name = request["name"]
                    passed = [other for other, verdict in verdicts.items() if verdict.state == PASSED]
                    try:
                        verdict = _asked(box, {**request, "passed": passed}, is_fresh, exam)
                        if verdict.state != PASSED and not is_fresh:
                            is_fresh = True
                            verdict = _asked(box, {**request, "passed": passed}, True, exam)
                    except sandbox.Ended as ended:
                        if is_fresh:
                            verdicts[name] = _destroyed(ended.how, exam.limits)
                        raise
                    verdicts[name] = verdict
                    is_fresh = verdict.state != PASSED
        except sandbox.Ended as ended:
            reason = ended.reason or reason
            failures += began == sum(request["name"] not in verdicts for request in requests)
    for request in requests:
        why = f"its process could not be made ready for the exam, in {TRIES} attempts: {reason}"
        verdicts.setdefault(request["name"], Verdict(OPEN, "not-graded", "This could not be graded yet.", why=why))
    return verdicts


def _asked(box, request, fresh, exam):
    """Ask an exercise, with questions that nobody knows yet, and judge the answers."""
    seed = secrets.randbits(60)
    said = box.ask({**request, "seed": seed, "fresh": fresh})
    return verdict_on(said, exam.known.get(request["name"]), seed, exam.limits, bool(request["tests"]))


def verdict_on(said, exercise, seed, limits, tested=False):
    """The verdict on what a student's process said.

    Parameters
    ----------
    said : dict
        From ``asking.exam``, or from a student who would like it to look so.
    exercise : exercises.Exercise or None
        None for one that has no file.
    seed : int
        Of the questions.
    limits : sandbox.Limits
    tested : bool
        Whether tests of the instructor's own were to be run, too.
    """
    if "how" in said:
        return _ended(said["how"], limits)
    if said.get("missing"):
        error = _text(said.get("error"))
        words = f"The cell cannot be run: {error}" if error else "The cell defines no function of the exercise's name."
        return Verdict(
            NOT_YET, "cell-fails" if error else "not-defined", words, "Run the cell by itself, and read the last line."
        )
    verdict = _judged(said, exercise, seed) if exercise else _taken_at_its_word()
    if verdict.state in (PASSED, OPEN) and tested:
        return _tested(said) or verdict
    return verdict


def _judged(said, exercise, seed):
    try:
        found = judge(exercise, unpack(said.get("answers")), seed)
    except Unreadable as error:
        return Verdict(SUSPICIOUS, "suspicious", _UNSURE, why=str(error)[:4000])
    if isinstance(found, Passed):
        if found.unsure:
            return Verdict(OPEN, "not-confirmed", _UNSURE, why=f"right as far as it was asked: {found.unsure}")
        return Verdict(PASSED, "ok", found.message)
    state = NOT_ATTEMPTED if found.code == "not-attempted" else NOT_YET
    return Verdict(state, found.code, found.message, "\n".join(found.hints))


def _taken_at_its_word():
    why = "this exercise has no file in the folder exercises beside the notebooks: its tests are taken at their word"
    return Verdict(PASSED, "ok", why=why)


def _tested(said):
    """The verdict if tests of the instructor's own failed; None if not."""
    if said.get("asserts") is not True:
        return Verdict(SUSPICIOUS, "suspicious", _UNSURE, why="a test that must fail did not fail")
    if said.get("ran") is not True:
        error = _text(said.get("error"))
        if error.startswith("AssertionError"):
            return Verdict(NOT_YET, "hidden-test", "A hidden test does not pass.")
        return Verdict(NOT_YET, "check-fails", f"The check stops: {error}")
    return None


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
        why=f"the process ended ({_text(how)})",
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
