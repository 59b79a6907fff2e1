"""Stands in for ``labutils.checks`` in the sandbox, where nothing is judged and every check counts for nothing."""

from labutils.checks.result import CheckResult


def carry_on(function):
    return function


def progress():
    return "Progress is not kept here."


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return lambda function: CheckResult(True, "ok", "This is judged elsewhere.")
