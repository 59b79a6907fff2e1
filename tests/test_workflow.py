"""The workflow on the code host: what it names is pinned, and it tests what the README promises."""

import os
import re

import pytest
import yaml
from conftest import MIRROR_BESIDE, NAMED_MIRROR, ROOT

from labutils.pythons import PYTHONS

TEXT = (ROOT / ".github" / "workflows" / "lab.yml").read_text("utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]


def steps(job):
    return [step.get("run", "") for step in JOBS[job]["steps"]]


def test_every_action_is_pinned_by_commit():
    used = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert len(used) >= 5
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
        assert re.search(rf"{action} # v\d+\.\d+\.\d+$", TEXT, re.MULTILINE)


def test_every_python_and_system_is_tested():
    matrix = JOBS["test"]["strategy"]["matrix"]
    assert sorted(matrix["python"]) == sorted(PYTHONS)
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert "python -m labutils test" in steps("test")


def test_the_newest_versions_and_known_vulnerabilities_have_a_job():
    newest, audit = "\n".join(steps("newest")), "\n".join(steps("audit"))
    assert "--upgrade --editable ." in newest
    assert "requirements.txt" not in re.sub(r"#.*", "", newest)
    assert re.search(r"pip-audit .*requirements\.txt", audit)


@pytest.mark.parametrize("what", ["sandbox", "browser", "MNIST"])
def test_what_this_run_expects_is_here(what):
    """LABUTILS_EXPECT names what tests must not be left out for; a run on CI sets it where it has seen to that."""
    if what not in os.environ.get("LABUTILS_EXPECT", "").split():
        pytest.skip(f"LABUTILS_EXPECT does not name {what}")
    if what == "sandbox":
        from labutils.classroom.sandbox import bubblewrap

        assert bubblewrap() is not None, "bubblewrap is missing, or the kernel does not let it work"
    elif what == "browser":
        from labutils.browser.chromium import chromium

        with chromium():
            pass
    else:
        assert NAMED_MIRROR or MIRROR_BESIDE.is_dir()
