"""Writes the table of all grades (CSV), to be opened in a spreadsheet or read by a learning platform."""

import csv

from labutils import files


def write_table(path, release, everybody, scores):
    """Write a row for each student: a column for each exercise, the total, and what the teacher should look at.

    An exercise without a grade yet stays empty, and so does its total: 0 would be a grade.

    Parameters
    ----------
    path : Path
    release : list of transplant.Pristine
    everybody : list of grading.Graded
    scores : dict of str to dict
        As from ``gradebook.save``.
    """
    exercises = [exercise for pristine in release for exercise in pristine.exercises]
    with files.replacing(path) as unfinished, open(unfinished, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        names = [exercise.name for exercise in exercises]
        table.writerow(["student", "name", *names, "total", "of", "status", "findings", "notes", "sandbox"])
        for graded in everybody:
            own = scores[graded.student]
            points = [own[name] for name in names]
            total = "" if None in points else _number(sum(points))
            findings = [
                f"{name}: {verdict.code}" + (f" ({verdict.why})" if verdict.why else "")
                for name, verdict in graded.verdicts.items()
                if verdict.code != "ok" or verdict.why
            ]
            texts = [graded.status, "; ".join(findings), "; ".join(graded.notes)]
            table.writerow(
                [
                    *map(_harmless, [graded.student, graded.name]),
                    *("" if score is None else _number(score) for score in points),
                    total,
                    _number(sum(exercise.points for exercise in exercises)),
                    *map(_harmless, texts),
                    "yes" if graded.protected else "NO",
                ]
            )


def _number(value):
    return f"{value:g}"


def _harmless(text):
    """Text that no spreadsheet takes for a formula: students wrote some of it."""
    text = " ".join(text.split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
