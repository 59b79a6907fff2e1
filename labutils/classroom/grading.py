"""Grades everybody: several at a time, each result kept as soon as it is there, so that a killed run goes on."""

import hashlib
import json
import queue
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labutils import files
from labutils.classroom import examiner, sandbox, stripped
from labutils.classroom.examiner import NOT_HANDED_IN, OPEN, TO_LOOK_AT, Exam, Verdict
from labutils.classroom.sandbox import PACKAGE
from labutils.classroom.transplant import belongs_to, open_notebook, transplant, written

_NAME = re.compile(r"""^name\s*=\s*(["'])(?P<name>.+)\1\s*$""", re.MULTILINE)  # on the title page


@dataclass
class Graded:
    """What came of one student.

    Attributes
    ----------
    student, name : str
        For files and the gradebook; and what the student wrote on the title page.
    verdicts : dict of str to Verdict
        By exercise.
    papers : dict of str to Transplanted
        By notebook, without those that were not handed in.
    notes : list of str
        For the teacher.
    unreadable : set of str
        Notebooks that may be in files that could not be read.
    protected : bool
        Whether the code ran in a sandbox.
    """

    student: str
    name: str = ""
    verdicts: dict = field(default_factory=dict)
    papers: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    unreadable: set = field(default_factory=set)
    protected: bool = True

    @property
    def status(self):
        """One line for the teacher: "ok", or what to look at first."""
        look = [
            f"{state}: {', '.join(name for name, verdict in self.verdicts.items() if verdict.state == state)}"
            for state in TO_LOOK_AT
            if any(verdict.state == state for verdict in self.verdicts.values())
        ]
        return "; ".join(look + ([] if self.protected else ["graded without a sandbox"])) or "ok"


def grade(submissions, release, known, out, limits, jobs, protected, on_done):
    """Grade all submissions.

    Parameters
    ----------
    submissions : list of submissions.Submission
    release : list of transplant.Pristine
    known : dict of str to exercises.Exercise
        By name.
    out : Path
        A folder; results of the same submissions in it are taken over.
    limits : sandbox.Limits
    jobs : int
        How many students at a time.
    protected : bool
        Whether in a sandbox.
    on_done : callable
        Called with each Graded, and whether it was there already.

    Returns
    -------
    list of Graded
        In the order of the submissions.
    """
    (out / "results").mkdir(parents=True, exist_ok=True)
    sandbox.stopping.clear()
    slots = queue.SimpleQueue()
    for slot in range(jobs):
        slots.put(slot)
    with tempfile.TemporaryDirectory(prefix="labutils-") as folder:
        exam = Exam(known, limits, stripped.copy(Path(folder)), protected)
        return _grade_all(submissions, release, exam, out, slots, jobs, on_done)


def _grade_all(submissions, release, exam, out, slots, jobs, on_done):

    def work(submission):
        slot = slots.get()
        try:
            return _grade(submission, release, out / "results", exam, slot)
        except Exception as error:  # one odd submission must not stop the others
            if sandbox.stopping.is_set():
                raise
            return _not_graded(submission, release, error, exam.protected), False
        finally:
            slots.put(slot)

    done = {}
    with ThreadPoolExecutor(jobs) as workers:
        try:
            running = {workers.submit(work, submission): submission.student for submission in submissions}
            for future in as_completed(running):
                graded, was_there = done[running[future]] = future.result()
                on_done(graded, was_there)
        except BaseException:
            sandbox.stopping.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise
    return [done[submission.student][0] for submission in submissions]


def _grade(submission, release, folder, exam, slot):
    """(Graded, whether the result was there already) of one student."""
    graded = _unpack(submission, release, exam.protected)
    asked = {pristine.name: pristine.exercises for pristine in release}
    papers = {name: paper.cells for name, paper in graded.papers.items()}
    basis = [papers, {name: [asdict(one) for one in those] for name, those in asked.items()}, asdict(exam.limits)]
    basis += [exam.protected, _version(exam.known)]
    fingerprint = hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()
    path = folder / f"{graded.student}.json"
    kept = _kept(path)
    if kept.get("fingerprint") == fingerprint:
        graded.verdicts = {name: Verdict(**verdict) for name, verdict in kept["verdicts"].items()}
        if not any(verdict.state == OPEN for verdict in graded.verdicts.values()):  # those are tried again
            return graded, True
    graded.verdicts = examiner.examine(graded.papers, asked, exam, slot)
    for exercise in [exercise for name in graded.unreadable for exercise in asked[name]]:
        verdict = graded.verdicts[exercise.name]
        if verdict.state == NOT_HANDED_IN:
            why = "a file that may hold it could not be read"
            graded.verdicts[exercise.name] = Verdict(OPEN, "not-read", "A file of yours could not be read.", why=why)
    verdicts = {name: verdict.as_json() for name, verdict in graded.verdicts.items()}
    files.write(path, json.dumps({"fingerprint": fingerprint, "verdicts": verdicts}, indent=1))
    return graded, False


def _not_graded(submission, release, error, protected):
    why = f"grading stopped with {type(error).__name__}: {error}"
    names = [exercise.name for pristine in release for exercise in pristine.exercises]
    verdicts = {name: Verdict(OPEN, "not-graded", "This could not be graded yet.", why=why) for name in names}
    return Graded(submission.student, verdicts=verdicts, notes=submission.notes, protected=protected)


def _kept(path):
    try:
        kept = json.loads(path.read_text("utf-8"))
        return kept if isinstance(kept, dict) else {}
    except (OSError, ValueError):
        return {}


def _version(known):
    """Stands for the code that grades: with other exercises, checks or solutions there are other results."""
    paths = {*PACKAGE.rglob("*.py"), *(exercise.path for exercise in known.values())}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()


def _unpack(submission, release, protected):
    """The student's notebooks in the release's form; of several for one that with most exercises, then the newest."""
    graded, found = Graded(submission.student, notes=list(submission.notes), protected=protected), {}
    for file in submission.files:
        try:
            cells = open_notebook(file.read())
        except (OSError, ValueError) as error:
            graded.notes.append(f"{file.name} cannot be read: {error}")
            meant = belongs_to([], file.name, release)
            graded.unreadable |= {meant.name} if meant else {pristine.name for pristine in release}
            continue
        pristine = belongs_to(cells, file.name, release)
        if pristine is None:
            graded.name = graded.name or _name_in(cells)
        else:
            merit = written(cells, pristine), file.written, file.name
            found.setdefault(pristine.name, []).append((merit, cells, pristine))
    for name, candidates in found.items():
        merit, cells, pristine = max(candidates, key=lambda candidate: candidate[0])
        if len(candidates) > 1:
            graded.notes.append(f"{len(candidates)} files for {name}: {merit[2]} was graded")
        paper = graded.papers[name] = transplant(cells, pristine)
        graded.notes += paper.notes
    missing = [pristine.name for pristine in release if pristine.name not in found]
    if missing:
        graded.notes.append(f"not handed in: {', '.join(missing)}")
    return graded


def _name_in(cells):
    """What a student wrote as their name on the title page."""
    names = (_NAME.search(cell.source) for cell in cells)
    return next((found["name"][:200] for found in names if found), "")
