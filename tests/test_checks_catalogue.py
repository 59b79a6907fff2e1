"""Every wrong answer of the catalogue gets its own diagnosis, every right one passes."""

import contextlib

import pytest

from labutils import checks
from labutils.checks.catalogue import right_answers, wrong_answers

CHECKS = list(checks.EXERCISES)


def checked(check, answer):
    with contextlib.redirect_stdout(None):
        return getattr(checks, check)(answer.handed_in)


def surprises(check, answers):
    """The answers that do not get their code, in words."""
    results = [(answer, checked(check, answer)) for answer in answers]
    return [
        f"{answer.name}: {answer.code} expected, got {result}"
        for answer, result in results
        if result.code != answer.code
    ]


@pytest.mark.parametrize("check", CHECKS)
def test_right_answers_pass(check):
    assert not surprises(check, right_answers(check))


@pytest.mark.parametrize("check", CHECKS)
def test_the_labs_own_version_passes(check):
    result = getattr(checks, check)(checks.EXERCISES[check].reference())
    assert result.passed, result


@pytest.mark.parametrize("check", CHECKS)
def test_wrong_answers_get_their_own_code_and_hints_in_steps(check):
    wrong = []
    for answer in wrong_answers(check):
        result = checked(check, answer)
        steps = result.hint.splitlines()
        if result.passed or result.code != answer.code or len(steps) < 2 or len(set(steps)) < len(steps):
            wrong.append(f"{answer.name}: {answer.code} expected, got {result}")
    assert not wrong


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_no_attempt_is_seen_in_every_exercise(check):
    codes = {"not-attempted", "not-a-function", "yields", "wrong-signature"}
    assert not surprises(check, [answer for answer in wrong_answers("common") if answer.code in codes])


@pytest.mark.parametrize("check", ["pixel_cross_entropy", "steps_per_epoch"])
def test_what_can_go_wrong_anywhere(check):
    assert not surprises(check, [answer for answer in wrong_answers("common") if answer.code != "never-ends"])


def test_what_never_ends_is_stopped():
    assert not surprises(
        "reconstruction_error", [answer for answer in wrong_answers("common") if answer.code == "never-ends"]
    )


def test_the_catalogue_is_large():
    wrong, right = (
        [answer for check in CHECKS for answer in answers(check)] for answers in (wrong_answers, right_answers)
    )
    assert len(wrong) >= 400
    assert len(right) >= 100
    assert all(len({answer.code for answer in wrong_answers(check)}) >= 12 for check in CHECKS)
