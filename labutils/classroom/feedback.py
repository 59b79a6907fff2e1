"""Writes each student's feedback page: what the checks found, hints, and their own code. One file, no network."""

import re
from html import escape

from labutils.classroom.examiner import NOT_ATTEMPTED, NOT_HANDED_IN, OPEN, PASSED, SUSPICIOUS

_SIGNS = {PASSED: "✓", NOT_ATTEMPTED: "○", NOT_HANDED_IN: "○", OPEN: "?", SUSPICIOUS: "?"}

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Feedback: the autoencoder lab</title>
<style>
  :root {{ color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }}
  body {{ max-width: 52rem; margin: 2rem auto; padding: 0 1rem }}
  table {{ border-collapse: collapse }} th, td {{ text-align: left; padding: 0.1rem 1rem 0.1rem 0 }}
  section {{ border: 1px solid #8888; border-left: 6px solid #d0602a; padding: 0 1rem; margin: 1rem 0 }}
  section.passed {{ border-left-color: #1a8a68 }} section.open {{ border-left-color: #7d7d7d }}
  h2 {{ font-size: 1.1rem; margin: 0.6rem 0 }}
  pre {{ overflow-x: auto; background: #8882; padding: 0.6rem; border-radius: 4px }}
  code {{ background: #8882; padding: 0 0.2rem; border-radius: 3px }} pre code {{ background: none; padding: 0 }}
</style>
</head>
<body>
<main>
<h1>Feedback: the autoencoder lab</h1>
<p>{who}</p>
<p><strong>{total}</strong></p>
<table>
<thead><tr><th scope="col">Exercise</th><th scope="col">Points</th><th scope="col">State</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
{sections}
</main>
</body>
</html>
"""


def page(graded, release, known, scores):
    """The page of one student.

    Parameters
    ----------
    graded : grading.Graded
    release : list of transplant.Pristine
    known : dict of str to exercises.Exercise
        By name.
    scores : dict of str to (float or None)
        By exercise.

    Returns
    -------
    str
        HTML in which nothing that the student wrote is more than text.
    """
    rows, sections, secrets = [], [], _hidden_lines(release)
    exercises = [(pristine, exercise) for pristine in release for exercise in pristine.exercises]
    for pristine, exercise in exercises:
        verdict, score = graded.verdicts[exercise.name], scores[exercise.name]
        heading = escape(known[exercise.name].heading if exercise.name in known else exercise.name)
        state = f'<span aria-hidden="true">{_SIGNS.get(verdict.state, "✗")} </span>{escape(_words(verdict.state))}'
        points = "not yet graded" if score is None else f"{score:g} of {exercise.points:g}"
        rows.append(f'<tr><th scope="row">{heading}</th><td>{points}</td><td>{state}</td></tr>')
        paper = graded.papers.get(pristine.name)
        pieces = next((pieces for kind, pieces in paper.cells if kind == exercise.name), []) if paper else []
        sections.append(_section(heading, state, points, verdict, pieces, secrets))
    points = [scores[exercise.name] for _, exercise in exercises]
    total = f"{sum(score or 0 for score in points):g} of {sum(exercise.points for _, exercise in exercises):g} points"
    if None in points:
        total += ", and some exercises are not yet graded"
    who = f"{graded.name} ({graded.student})" if graded.name else graded.student
    return PAGE.format(who=escape(who), total=total, rows="\n".join(rows), sections="\n".join(sections))


def _words(state):
    """A state for the student: whether something is suspicious, a person decides."""
    return OPEN.replace("needs a human", "your teacher will look at it") if state in (OPEN, SUSPICIOUS) else state


def _section(heading, state, points, verdict, pieces, secrets):
    message, hint = (_without(text, secrets) for text in (verdict.message, verdict.hint))
    code = f" <code>{escape(verdict.code)}</code>" if verdict.state not in (PASSED, OPEN, SUSPICIOUS) else ""
    hints = "".join(f"<li>{_marked(line)}</li>" for line in hint.splitlines() if line.strip())
    kind = {PASSED: "passed", OPEN: "open", SUSPICIOUS: "open"}.get(verdict.state, "not-yet")
    own = "\n".join(pieces)
    return (
        f'<section class="{kind}"><h2>{heading}: {state}, {points}{code}</h2>\n<p>{_marked(message)}</p>'
        + (f"<p>Hints:</p><ol>{hints}</ol>" if hints else "")
        + (f"\n<p>Your code:</p><pre><code>{escape(own)}</code></pre>" if own.strip() else "")
        + "</section>"
    )


def _marked(text):
    """Escaped, with `code` in backticks shown as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text))


def _hidden_lines(release):
    """The lines of all hidden tests, for which no page is the place."""
    lines = set()
    for pristine in release:
        for exercise in pristine.exercises:
            for region in re.findall(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", exercise.test, re.DOTALL):
                lines |= {line.strip() for line in region.splitlines() if len(line.strip()) > 8}
    return lines


def _without(text, secrets):
    return "(This text was left out.)" if any(secret in text for secret in secrets) else text
