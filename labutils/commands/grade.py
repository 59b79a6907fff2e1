"""Grade what students handed in: each in a sandbox, several at a time; gradebook, table and feedback pages.

SUBMISSIONS is a folder or zip file as Moodle, Canvas or nbgrader's exchange export it, with a folder, a zip file or
notebooks for each student. What was graded already is taken over, so a stopped run goes on when called again.
"""

import os
import shlex
import sys
import time
from pathlib import Path

from labutils.bootstrap import ROOT
from labutils.commands import ARTIFACTS, number


def add_arguments(parser):
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS")
    parser.add_argument("--release", type=Path, required=True, help="the folder that assign wrote and you handed out")
    parser.add_argument("--out", type=Path, default=ARTIFACTS / "grades", help="default: artifacts/grades")
    parser.add_argument(
        "--jobs", type=number(int, 1), default=_cores(), metavar="N", help="students at a time; default: the cores"
    )
    parser.add_argument(
        "--source", type=Path, default=ROOT / "notebooks", help="complete notebooks; default: the lab's"
    )
    parser.add_argument("--assignment", default="autoencoder", metavar="NAME", help="in the gradebook")
    parser.add_argument("--seconds", type=number(float, 1), default=120, help="for an exercise; default: 120")
    parser.add_argument(
        "--memory", type=number(float, 0.5), default=4, metavar="GB", help="for an exercise; default: 4"
    )
    parser.add_argument("--without-sandbox", action="store_true", help="run students' code with your own rights")


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main(options):
    if os.name != "posix":
        print("Grading needs Linux (on Windows: WSL), or macOS without a sandbox.", file=sys.stderr)
        return 2
    from labutils.classroom import sandbox
    from labutils.classroom.assign import AssignError
    from labutils.classroom.submissions import SubmissionsError
    from labutils.exercises import ExerciseError

    protected = not options.without_sandbox and sandbox.bubblewrap() is not None
    if not protected:
        print(WARNING, file=sys.stderr)
    try:
        return _grade(options, protected)
    except (AssignError, ExerciseError, SubmissionsError) as error:
        print(error, file=sys.stderr)
    return 1


WARNING = """\
*** WITHOUT A SANDBOX: students' code runs with your rights. It can read and change your files, the solutions and the
*** other submissions, and use the network. Only limits on time, memory and processes hold. The report says so.
*** On Linux `apt install bubblewrap`, or the like, gives the sandbox; where it cannot be had, grade in a container, or
*** as a user who owns nothing."""


def _grade(options, protected):
    from labutils import exercises, files
    from labutils.classroom import assign, feedback, gradebook, grading, reports, sandbox, submissions, transplant

    start = time.monotonic()
    out, source = options.out.expanduser().resolve(), options.source.expanduser().resolve()
    place = options.submissions.expanduser().resolve()
    if out in (place, *place.parents) or (out.is_dir() and any(out.iterdir()) and not (out / "results").is_dir()):
        print(f"{out} holds something else: name a new folder for the grades with --out.", file=sys.stderr)
        return 1
    complete = sorted(source.glob("[0-9][0-9]_*.ipynb"))
    release = transplant.load_release(options.release.expanduser().resolve(), complete)
    handed_in = submissions.find(place, {one.name for one in release})
    graded_ones = {one.name for one in release}
    known, own = exercises.found(source), assign.own_exercises(source)
    gradebook.make_course(out, options.assignment, [path for path in complete if path.name in graded_ones], own)
    limits = sandbox.Limits(seconds=options.seconds, memory=int(options.memory * 1e9))
    progress = _Progress(len(handed_in))
    everybody = grading.grade(handed_in, release, known, out, limits, options.jobs, protected, progress)
    scores = gradebook.save(out, options.assignment, release, everybody)
    for graded in everybody:
        page = feedback.page(graded, release, known, scores[graded.student])
        files.write(out / "feedback" / f"{graded.student}.html", page)
    reports.write_table(out / "grades.csv", release, everybody, scores)
    print("\n".join(_summary(everybody, out, protected, time.monotonic() - start)))
    return 0


class _Progress:
    """Shows who is done: on a terminal in one line that changes, elsewhere a line each."""

    def __init__(self, count):
        self.count, self.done = count, 0

    def __call__(self, graded, was_there):
        self.done += 1
        bar = "#" * (20 * self.done // self.count)
        passed = sum(verdict.state == "passed" for verdict in graded.verdicts.values())
        found = f"{passed} of {len(graded.verdicts)} exercises passed, {graded.status}"
        text = (
            f"[{bar:20}] {self.done}/{self.count}  {graded.student}: {found}{' (graded before)' if was_there else ''}"
        )
        if sys.stdout.isatty():
            print(f"\r{'':119}\r{text[:119]}", end="\n" if self.done == self.count else "", flush=True)
        else:
            print(text, flush=True)


def _summary(everybody, out, protected, seconds):
    yield f"{len(everybody)} submissions in {seconds:.0f} s" + ("" if protected else ", WITHOUT A SANDBOX")
    for graded in everybody:
        if graded.status != "ok":
            yield f"  look at {graded.student}: {graded.status}"
    yield f"Grades     {out / 'grades.csv'}"
    yield f"Feedback   {out / 'feedback'}"
    yield f"Gradebook  {out / 'gradebook.db'}"
    yield f"Formgrader python3 -m labutils exec --in {shlex.quote(str(out))} jupyter lab"
