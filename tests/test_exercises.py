"""Answers are judged the same in a notebook and in grading; nothing forged passes; solutions are out of reach."""

import contextlib
import secrets
import subprocess
import sys

import numpy as np
import pytest
from answers import right_answers, wrong_answers

from labutils import checks, exercises
from labutils.asking import student, values
from labutils.asking.values import Failure, Thing, Unreadable
from labutils.classroom import examiner, sandbox, stripped
from labutils.judging import Passed, Wrong, judge

EXERCISES = exercises.found()
EACH = pytest.mark.parametrize("name", EXERCISES)


def asked(exercise, handed_in, seed):
    """The answers as the sandbox gives them: asked by the asking half alone, and packed."""
    asking = {}
    exec(compile(exercise.asking_source(), f"<questions to {exercise.name}>", "exec"), asking)
    with contextlib.redirect_stdout(None):
        return values.pack(student.ask(handed_in, exercise.signature, asking["ask"], seed))


def graded(exercise, handed_in):
    seed = secrets.randbits(60)
    verdict = judge(exercise, values.unpack(asked(exercise, handed_in, seed)), seed)
    return checks.result_of(exercise, verdict)


def checked(exercise, handed_in):
    with contextlib.redirect_stdout(None):
        return checks.check(exercise, handed_in)


def surprises(name, answers, way):
    """The answers that do not get their code, in words."""
    found = [(answer, way(EXERCISES[name], answer.handed_in)) for answer in answers]
    return [
        f"{answer.name}: {answer.code} expected, got {result}"
        for answer, result in found
        if result.code != answer.code or (not result and len(set(result.hint.splitlines())) < 2)
    ]


@pytest.mark.parametrize("way", [checked, graded])
@EACH
def test_right_answers_pass(name, way):
    assert not surprises(name, right_answers(name), way)


@EACH
def test_the_labs_own_version_passes(name):
    assert checked(EXERCISES[name], EXERCISES[name].solution()).passed


@pytest.mark.parametrize("way", [checked, graded])
@EACH
def test_wrong_answers_get_their_own_code_and_hints_in_steps(name, way):
    assert not surprises(name, wrong_answers(name), way)


@EACH
def test_what_is_no_attempt_is_seen_in_every_exercise(name):
    codes = {"not-attempted", "not-a-function", "yields", "wrong-signature"}
    assert not surprises(name, [answer for answer in wrong_answers("common") if answer.code in codes], checked)


@pytest.mark.parametrize("name", ["pixel_cross_entropy", "steps_per_epoch"])
def test_what_can_go_wrong_anywhere(name):
    assert not surprises(name, [answer for answer in wrong_answers("common") if answer.code != "never-ends"], checked)


@pytest.mark.parametrize("way", [checked, graded])
def test_what_never_ends_is_stopped(way):
    endless = [answer for answer in wrong_answers("common") if answer.code == "never-ends"]
    assert not surprises("reconstruction_error", endless, way)


@EACH
def test_there_are_many_answers(name):
    wrong = wrong_answers(name)
    assert len(wrong) >= 15
    assert len({answer.code for answer in wrong}) >= 12
    assert len(right_answers(name)) >= 5


# ----- what crosses the wall -----


def right_record(exercise, seed):
    return values.unpack(asked(exercise, exercise.solution(), seed))


def verdict_on(exercise, record, seed):
    try:
        return judge(exercise, record, seed)
    except Unreadable as unreadable:
        return unreadable


def forgeries(value):
    """What may come in place of a value, by somebody who knows what the judge looks for."""
    yield from (None, True, 1, -1.5, float("nan"), "text", [], [1], (1, 2), {}, {"a": 1}, Thing("list", length=3))
    yield from (Failure(), Failure("ValueError", ("ValueError",), "x", "x", "", True, "It"), Thing("X", is_class=True))
    yield from (np.zeros(0), np.float64(np.nan), np.zeros((2, 3)), np.broadcast_to(np.float32(0.5), (3000, 1, 1)))
    if isinstance(value, np.ndarray):
        yield from (
            np.zeros_like(value),
            np.ones_like(value),
            value[..., None],
            np.broadcast_to(value, (2, *value.shape)),
        )
        if value.dtype.kind == "f":
            yield from (np.full_like(value, np.nan), np.full_like(value, np.inf), np.flip(value) * 0.5)


@EACH
def test_answers_to_other_questions_do_not_pass(name):
    exercise = EXERCISES[name]
    for seed in range(3):
        record = right_record(exercise, seed)
        assert isinstance(verdict_on(exercise, record, seed), Passed)
        assert not isinstance(verdict_on(exercise, record, seed + 100), Passed), seed


@EACH
def test_nothing_forged_stops_the_judge(name):
    """Each answer is replaced in turn; a judge may say what it likes of that, as long as it says it."""
    exercise = EXERCISES[name]
    record = right_record(exercise, 5)
    for key, value in record.items():
        for forged in forgeries(value):
            verdict = verdict_on(exercise, {**record, key: forged}, 5)
            assert isinstance(verdict, Passed | Wrong | Unreadable), (key, forged)
        verdict_on(exercise, {other: record[other] for other in record if other != key}, 5)


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        {},
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        '{"dict": [1]}',
        '{"dict": {"a": {"exec": "1"}}}',
        '{"dict": {"a": {"array": ["<f8", [1000000000], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<f8", [100000, 100000, 100000], "eJw="]}}}',
        '{"dict": {"a": {"array": ["|O", [1], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<f8", [-1], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<f8", [1.5], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<f8", [2], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<f4,<f4", [1], "eJw="]}}}',
        '{"dict": {"a": {"array": ["<U9", [1], "eJw="]}}}',
        '{"dict": {"a": {"Thing": {"type": 3}}}}',
        '{"dict": {"a": {"Thing": {"type": "x", "length": "y"}}}}',
        '{"dict": {"a": {"Failure": {"bases": 3}}}}',
        '{"dict": {"a": {"Failure": {"other": 3}}}}',
    ],
)
def test_no_answers_are_unreadable(text):
    with pytest.raises(Unreadable):
        values.unpack(text)


def test_a_record_survives_the_crossing():
    record = {
        "array": np.arange(6, dtype=np.float32).reshape(2, 3),
        "empty": np.zeros((0, 3), bool),
        "number": np.float32(3),
        "nested": [1, 2.5, None, (True, "x"), {"deep": [np.uint8([1])]}],
        "huge": 10**400,
        "surrogate": "\ud800",
        "thing": values.seen(([1, 2], None, len, ...)),
        "failure": Failure("ValueError", ("ValueError", "Exception"), "text", "words", " (line)", True, "It"),
    }
    crossed = values.unpack(values.pack(record))
    assert values.pack(crossed) == values.pack(record)
    assert crossed["array"].dtype == np.float32
    assert crossed["thing"].items[0].items == (1, 2)
    with pytest.raises(TypeError):
        values.pack({"object": object()})


@pytest.mark.parametrize(
    ("said", "state", "code"),
    [
        ({"ran": True}, "passed", "ok"),
        ({"ran": False, "error": "AssertionError: 17 is the answer"}, "not yet", "hidden-test"),
        ({"ran": False, "error": "NameError: name 'x' is not defined"}, "not yet", "check-fails"),
        ({"ran": True, "asserts": False}, "suspicious", "suspicious"),
        ({"how": "time"}, "stopped", "never-ends"),
        ({"missing": True, "error": "SyntaxError: here"}, "not yet", "cell-fails"),
        ({"ran": "yes", "check": [], "error": 7}, "not yet", "check-fails"),
    ],
)
def test_an_exercise_without_a_file_is_judged_by_its_tests(said, state, code):
    verdict = examiner.verdict_on({"asserts": True, **said}, None, 1, sandbox.Limits(), tested=True)
    assert (verdict.state, verdict.code) == (state, code)
    assert "17" not in verdict.message
    assert ("taken at their word" in verdict.why) == (state == "passed")


# ----- what the sandbox shows -----


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return stripped.copy(tmp_path_factory.mktemp("shown"))


def test_the_sandbox_shows_no_solution_and_no_judge(shown):
    text = "\n".join(path.read_text("utf-8") for path in shown.rglob("*.py"))
    for name, exercise in EXERCISES.items():
        assert f"\ndef {name}(" not in text
        assert exercise.solution_source() not in text
    assert not [path for part in ("exercises", "judging", "classroom") for path in (shown / part).rglob("*.py")]


def test_all_that_the_sandbox_shows_can_be_imported(shown):
    modules = [".".join(path.relative_to(shown.parent).with_suffix("").parts) for path in shown.rglob("*.py")]
    wanted = [module.removesuffix(".__init__") for module in modules if "__main__" not in module]
    code = f"import importlib\nfor name in {sorted(wanted)}: importlib.import_module(name)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=shown.parent,
        env={"PYTHONPATH": str(shown.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@EACH
def test_what_asks_does_not_know_the_answer(name):
    exercise = EXERCISES[name]
    asking = exercise.asking_source()
    assert "def judge" not in asking
    assert f"def {name}(" not in asking
    assert "labutils.judging" not in asking
    assert not exercise.reference or exercise.reference not in asking


def test_exercises_are_found_without_tensorflow(python):
    loaded = python("import sys; from labutils import exercises; exercises.found(); print('tensorflow' in sys.modules)")
    assert loaded.stdout.strip() == "False", loaded.stderr
