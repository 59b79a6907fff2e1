"""The benchmark, on few images: what it reports is there, right and safe; how fast things are is not tested."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from labutils.bench import growth, report
from labutils.bench.measure import Row, in_child, peak_memory, take_turns
from labutils.bootstrap import ROOT


def start(out, *options, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "labutils", "bench", "--quick", "--out", str(out), *options],
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def rows_in(out):
    found = json.loads((out / "bench.json").read_text("utf-8"))
    return found, {row["what"]: row for row in found["rows"]}


# ----- measuring -----


def test_contenders_take_turns_and_the_first_call_is_kept_apart():
    calls = []
    contenders = {"one": lambda: calls.append("one"), "two": lambda: calls.append("two")}
    *_, (name, first, seconds) = take_turns(contenders, rounds=2)
    assert calls == ["one", "two"] * 3
    assert name == "two"
    assert first > 0
    assert len(seconds) == 2


def counts_to(number):
    yield from range(number)


def holds(megabytes):
    block = np.ones(megabytes * 1_000_000, np.uint8)
    del block
    yield peak_memory()


def dies():
    yield 1
    os._exit(3)


def yields_its_process_and_stays():
    yield os.getpid()
    time.sleep(300)


def test_a_child_hands_over_what_its_work_yields():
    assert list(in_child(counts_to, 3)) == [0, 1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such record")
def test_a_child_knows_the_most_memory_it_held():
    (small,), (large,) = list(in_child(holds, 1)), list(in_child(holds, 1500))
    assert large > 1.5e9
    assert large - small > 0.3e9


def test_a_child_that_dies_leaves_what_it_yielded_and_is_told():
    results = in_child(dies)
    assert next(results) == 1
    with pytest.raises(ChildProcessError, match="exit code 3"):
        next(results)


@pytest.mark.skipif(os.name != "posix", reason="asks POSIX whether a process is there")
def test_a_child_ends_with_whoever_asked():
    results = in_child(yields_its_process_and_stays)
    process = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_varied_images_are_shifted_copies():
    images = np.zeros((3, 28, 28, 1), np.uint8)
    images[:, 10:15, 12:16] = np.array([1, 2, 3])[:, None, None, None]
    varied = growth.vary(images, 2500)
    assert varied.shape == (2500, 28, 28, 1)
    assert varied.dtype == np.uint8
    assert len(np.unique(varied, axis=0)) > 3
    assert set((varied != 0).sum((1, 2, 3))) == {20}
    np.testing.assert_array_equal(growth.vary(images, 2500), varied)


# ----- the report -----


def test_a_table_shows_medians_spread_and_only_the_columns_that_are_used():
    rows = [Row("Epochs", "ours", [1.0, 3.0, 2.0], 9.0), Row("Epochs", "theirs", note="left out: not installed")]
    header, _, ours, theirs = report.table(rows).splitlines()
    assert [cell.strip() for cell in header.split("|")[2:-1]] == ["median", "lowest to highest", "first, apart", ""]
    assert [cell.strip() for cell in ours.split("|")[1:-1]] == ["ours", "2 s", "1 s to 3 s", "9 s", ""]
    assert "left out" in theirs
    assert len({len(line) for line in report.table(rows).splitlines()}) == 1


def test_a_table_says_within_what_most_of_many_moves_are_answered():
    header, _, row = report.table([Row("Moves", "slider", [0.001 * n for n in range(1, 101)])]).splitlines()
    assert [cell.strip() for cell in header.split("|")[2:-1]] == ["median", "lowest to highest", "95 % within"]
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["50.5 ms", "1 ms to 100 ms", "96 ms"]


@pytest.mark.parametrize(("percent", "busy"), [(3.0, False), (55.0, True)])
def test_a_busy_machine_is_said_loudly(tmp_path, monkeypatch, percent, busy):
    monkeypatch.setattr(report, "machine", lambda: {**MACHINE, "busy": percent})
    assert ("THIS MACHINE WAS BUSY" in str(report.Report(tmp_path, {}))) == busy


def test_other_work_is_seen():
    calculating = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        assert report.machine()["busy"] > 100 / os.cpu_count() / 4
    finally:
        calculating.kill()
        calculating.wait()


MACHINE = {"processor": "Abacus", "cores": 2, "memory": 8e9, "system": "Wood", "gpu": None, "busy": 0.0}


def test_a_later_row_takes_an_earlier_ones_place_and_files_are_always_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "machine", lambda: MACHINE)
    kept = report.Report(tmp_path, {"rounds": 2})
    for seconds in ([1.0], [1.0, 2.0]):
        kept.add(Row("Epochs", "ours", seconds))
        found, rows = rows_in(tmp_path)
        assert rows["ours"]["seconds"] == seconds
    assert found["machine"]["processor"] == "Abacus"
    assert found["versions"]["tensorflow"]
    assert "ours" in (tmp_path / "bench.md").read_text("utf-8")


# ----- the command -----


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory, builtin_data_dir):
    """A benchmark of epochs, stopped by Ctrl-C when it went on to something else: exit code, output, folder."""
    if os.name != "posix":
        pytest.skip("sends a POSIX signal")
    out = tmp_path_factory.mktemp("bench")
    process = start(out, "--only", "epochs,startup", TFDS_DATA_DIR=builtin_data_dir, LABUTILS_DIGITS="builtin")
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("startup"):
            break
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    return process.returncode, "".join(said) + output, out


def test_epochs_compares_equal_steps_and_equal_losses(interrupted):
    _, output, out = interrupted
    found, rows = rows_in(out)
    assert found["failures"] == []
    trained = {what: row for what, row in rows.items() if row["test_loss"]}
    assert len(trained) >= 4, output
    steps = 2 * 2 * 16  # two turns of two epochs, 2,000 images in batches of 128
    assert {row["steps"] for row in trained.values()} == {steps}
    for one, other in itertools.combinations(trained.values(), 2):
        assert one["test_loss"] == pytest.approx(other["test_loss"], rel=0.05)
    assert all(len(row["seconds"]) == 1 and row["first"] > 0 for row in rows.values() if row["seconds"])
    assert rows["matrix products alone"]["ratios"]
    assert "plain recipe" in output


def test_ctrl_c_leaves_what_was_done(interrupted):
    returncode, output, out = interrupted
    assert returncode == 130
    assert "Traceback" not in output
    assert "the lab's training" in rows_in(out)[1]
    assert "the lab's training" in output.partition("startup")[2]  # the table at the end


@pytest.mark.parametrize(
    ("options", "answer"),
    [(["--only", "epoch"], "no group 'epoch'"), (["--rounds", "0"], "a whole number from 1 on, not '0'")],
)
def test_mistakes_are_answered_with_exit_code_2(tmp_path, options, answer):
    process = start(tmp_path / "out", *options)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert answer in output
