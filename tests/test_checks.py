"""Checks never raise, end, leave no trace, always say the same, and show what they found to everybody."""

import _thread
import contextlib
import io
import json
import random
import re
import sys
import threading
import time

import numpy as np
import pytest
from answers import right_answers, wrong_answers

from labutils import checks, exercises
from labutils.asking.clock import Clock, TimeUp, run
from labutils.checks import record

CHECKS = {exercise.check: name for name, exercise in exercises.found().items()}


def right_answer(check):
    return right_answers(CHECKS[check])[0].handed_in


def wrong_answer(check, name):
    return next(answer.handed_in for answer in wrong_answers(CHECKS.get(check, check)) if answer.name == name)


class Nasty:
    """Raises whatever one does with it."""

    def __getattr__(self, name):
        raise RuntimeError("no")

    def __call__(self, *arguments):
        raise SystemExit("no")

    __len__ = __iter__ = __array__ = __eq__ = __bool__ = __repr__ = __call__


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def raises_unspeakable(*arguments):
    raise Unspeakable


def strange_values():
    import tensorflow as tf

    circle = []
    circle.append(circle)
    tensors = [tf.constant("text"), tf.ragged.constant([[1], [2, 3]]), tf.constant([np.nan]), np.zeros((0, 784))]
    datasets = [tf.data.Dataset.range(3), tf.data.Dataset.range(3).repeat().map(lambda i: (i, i))]
    plain = [
        0,
        -1,
        "",
        b"",
        [],
        {},
        (),
        (None, None),
        ("a", "b"),
        object(),
        type,
        len,
        Exception("x"),
        float("nan"),
        10**400,
    ]
    return [*plain, circle, np, Nasty(), np.array([None, {}]), *tensors, *datasets]


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_a_function_returns_makes_a_check_raise(check):
    for value in strange_values():
        result = getattr(checks, check)(lambda *arguments, value=value: value)
        assert isinstance(result, checks.CheckResult)
        assert not result


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_handed_in_makes_a_check_raise(check):
    for handed_in in (Nasty(), raises_unspeakable, np, 3, [], Nasty):
        result = getattr(checks, check)(handed_in)
        assert isinstance(result, checks.CheckResult)
        assert not result


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_is_quick_and_leaves_the_state_of_chance_alone(check):
    import keras
    import tensorflow as tf

    def draw():
        return [random.random(), np.random.rand(), float(tf.random.uniform([])), float(keras.random.uniform([]))]

    right = right_answer(check)  # some files of answers build models when they are imported
    keras.utils.set_random_seed(5)
    expected = [draw(), draw()]
    keras.utils.set_random_seed(5)
    drawn = [draw()]
    began = time.process_time()
    assert getattr(checks, check)(right)
    assert time.process_time() - began < (10 if check == "training" else 2)
    assert [*drawn, draw()] == expected


def test_a_function_that_seeds_or_draws_leaves_no_trace():
    def steps_per_epoch(examples, batch_size):
        random.seed(0)
        np.random.seed(0)
        np.random.rand()
        return -(-examples // batch_size)

    random.seed(9)
    np.random.seed(9)
    expected = random.random(), np.random.rand()
    random.seed(9)
    np.random.seed(9)
    assert checks.steps_per_epoch(steps_per_epoch)
    assert (random.random(), np.random.rand()) == expected


def test_a_function_that_sets_keras_otherwise_leaves_no_trace():
    import keras

    for check in ("encoder", "autoencoder"):
        assert getattr(checks, check)(wrong_answer(check, "sixty_four_bits_for_all")).code == "floatx-changed"
        assert keras.config.floatx() == "float32"


def test_a_students_model_keeps_its_weights():
    import keras

    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(32, activation="sigmoid")]
    )
    before = model.get_weights()
    models = iter([model, keras.models.clone_model(model)])
    assert checks.encoder(lambda: next(models)).code == "code-activation"  # found by setting weights
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert not model.compiled


@pytest.mark.parametrize(
    ("check", "name"),
    [
        ("preprocess", "with_noise"),
        ("train_dataset", "shuffles_once"),
        ("train_dataset", "shuffles_batches"),
        ("test_dataset", "shuffled"),
        ("autoencoder", "builds_new_parts"),
        ("autoencoder", "sigmoid_again"),
        ("training", "trains_on_test"),
        ("reconstruct", "not_scaled"),
    ],
)
def test_a_check_always_says_the_same(check, name):
    random.seed()
    first = getattr(checks, check)(wrong_answer(check, name))
    random.seed()
    assert getattr(checks, check)(wrong_answer(check, name)) == first


def test_what_never_ends_leaves_no_thread_behind():
    threads = set(threading.enumerate())
    began = time.process_time()
    assert checks.reconstruction_error(wrong_answer("common", "loops_for_ever")).code == "never-ends"
    assert time.process_time() - began < 10
    assert not [thread for thread in threading.enumerate() if thread not in threads and thread.is_alive()]


def test_time_up_cannot_be_swallowed():
    def swallows(examples, batch_size):
        try:
            while True:
                pass
        except BaseException:
            return -(-examples // batch_size)

    assert checks.steps_per_epoch(swallows).code == "never-ends"


def test_there_is_time_to_write_down_that_the_time_was_up():
    clock, written = Clock(), []

    def asking():
        try:
            with clock.running(0.1):
                while True:
                    pass
        except TimeUp:
            began = time.process_time()
            while time.process_time() - began < 0.3:
                pass
            written.append("time up")

    assert run(asking, clock)
    assert written == ["time up"]


def test_a_process_that_stood_still_is_not_called_endless():
    clock = Clock()
    with clock.running(0.2):
        time.sleep(0.8)  # nobody looks at the clock, as when the machine sleeps or something keeps Python's lock
        assert not clock.is_up()


@pytest.mark.parametrize("check", ["train_dataset", "test_dataset", "training"])
def test_the_end_of_an_iterator_cannot_freeze_a_check(check):
    tuned = []

    def handed(*arguments):
        datasets = [argument for argument in arguments if hasattr(argument, "options")]
        tuned.extend(dataset.options().autotune.enabled for dataset in datasets)

    assert not getattr(checks, check)(handed)
    assert set(tuned) == {False}


def test_an_interrupt_by_the_user_gets_out():
    running = set(sys._current_frames())
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        checks.steps_per_epoch(wrong_answer("common", "loops_for_ever"))
    timer.join()
    assert set(sys._current_frames()) <= running


def test_what_a_function_prints_is_shown_in_part(capsys):
    def steps_per_epoch(examples, batch_size):
        for number in range(10_000):
            print("line", number)
        return -(-examples // batch_size)

    assert checks.steps_per_epoch(steps_per_epoch)
    lines = capsys.readouterr().out.splitlines()
    assert "line 0" in lines[0]
    assert "more" in lines[-1]
    assert len(lines) < 12


def test_training_that_reports_its_progress_prints_nothing(capsys):
    assert checks.training(right_answer("training"))
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_an_error_is_shown_with_the_students_own_line():
    def steps_per_epoch(examples, batch_size):
        return examples / (batch_size - batch_size)

    message = checks.steps_per_epoch(steps_per_epoch).message
    assert "ZeroDivisionError" in message
    assert "return examples / (batch_size - batch_size)" in message


def test_an_error_is_shown_without_the_arrays_in_it():
    def steps_per_epoch(examples, batch_size):
        raise ValueError(f"Bad input {np.linspace(0, 1, 5000).reshape(-1, 50)} of kind {[3]}: wanted are (None, 784)")

    message = checks.steps_per_epoch(steps_per_epoch).message
    assert message.endswith("Bad input [...] of kind [3]: wanted are (None, 784)")


@pytest.fixture
def results():
    failed = checks.preprocess(wrong_answer("preprocess", "only_flattened"))
    return {"passed": checks.preprocess(right_answer("preprocess")), "not yet": failed, "not attempted": unattempted()}


def unattempted():
    return checks.preprocess(wrong_answer("common", "stub"))


@pytest.mark.parametrize("state", ["passed", "not yet", "not attempted"])
def test_card_and_plain_text_carry_the_same(results, state):
    result = results[state]
    card, plain = result._repr_html_(), str(result)
    steps = result.hint.splitlines()
    assert re.search(rf'role="group" aria-label="[^"]*1\.1 preprocess: {state}"', card)
    assert f"1.1 preprocess: {state}" in plain
    assert card.count("<details") == card.count("<summary") == len(steps)
    text = re.sub(r"<[^>]+>", "", card)
    for words in (result.message, *steps):
        assert words.replace("`", "") in text
        assert words in plain
    assert (f"({result.code})" in plain) == (f"({result.code})" in text) == (state == "not yet")
    assert "<script" not in card


def test_the_second_hint_is_inside_the_first(results):
    card = results["not yet"]._repr_html_()
    first, second, *_ = results["not yet"].hint.splitlines()
    assert card.index("<details") < card.index(first) < card.index("<details", card.index(first)) < card.index(second)


def test_a_card_escapes_what_a_student_wrote():
    def steps_per_epoch(examples, batch_size):
        raise ValueError("<script>alert('x')</script>")

    assert "<script" not in checks.steps_per_epoch(steps_per_epoch)._repr_html_()


@pytest.fixture
def own_record(tmp_path, monkeypatch):
    """A kernel that has checked nothing, and a progress file of its own."""
    monkeypatch.setenv("LABUTILS_ARTIFACTS", str(tmp_path))
    for memory in ("_checked", "_standing_in", "_entries"):
        monkeypatch.setattr(record, memory, {})
    return tmp_path / "progress.json"


def carried_on(function):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        return checks.carry_on(function), said.getvalue()


def test_the_lab_carries_on_with_what_passed(own_record):
    own = right_answer("steps_per_epoch")
    checks.steps_per_epoch(own)
    assert carried_on(own)[0] is own


@pytest.mark.parametrize("name", ["floor", None])
def test_the_lab_carries_on_with_its_own_version_otherwise(own_record, name):
    own = wrong_answer("steps_per_epoch", name) if name else None
    checks.steps_per_epoch(own)
    function, said = carried_on(own)
    assert function(60_000, 128) == 469
    assert "its own version" in said
    assert len(said.splitlines()) == 1


def test_the_labs_own_version_does_not_count_as_the_students(own_record):
    own = wrong_answer("steps_per_epoch", "floor")
    checks.steps_per_epoch(own)
    function, _ = carried_on(own)
    assert checks.steps_per_epoch(function).code == "reference"
    assert checks.progress().states["4.1 steps_per_epoch"] == "not yet (rounded-down)"
    assert carried_on(function)[0] is function


def test_a_function_never_checked_is_not_trusted(own_record):
    def steps_per_epoch(examples, batch_size):
        return 1

    function, said = carried_on(steps_per_epoch)
    assert function(60_000, 128) == 469
    assert "not been checked" in said


def test_progress_knows_four_states(own_record):
    checks.steps_per_epoch(right_answer("steps_per_epoch"))
    checks.pixel_cross_entropy(wrong_answer("pixel_cross_entropy", "no_minus"))
    unattempted()
    progress = checks.progress()
    assert len(progress.states) == len(CHECKS)
    assert progress.states["4.1 steps_per_epoch"] == "passed"
    assert progress.states["3.1 pixel_cross_entropy"] == "not yet (negative)"
    assert progress.states["1.1 preprocess"] == "not attempted"
    assert progress.states["5.2 reconstruction_error"] == "not reached"
    for exercise, state in progress.states.items():
        assert re.search(rf"{exercise}\s+{re.escape(state)}", str(progress))
        assert f">{exercise}<" in progress._repr_html_()
    assert f"1 of {len(CHECKS)}" in str(progress)
    assert "<caption" in progress._repr_html_()


def test_progress_survives_the_kernel(own_record, python):
    checks.steps_per_epoch(right_answer("steps_per_epoch"))
    code = "from labutils import checks; print(checks.progress().states['4.1 steps_per_epoch'])"
    assert python(code, LABUTILS_ARTIFACTS=own_record.parent).stdout.strip() == "passed"


def test_each_folder_has_progress_of_its_own(own_record, tmp_path, monkeypatch):
    checks.steps_per_epoch(right_answer("steps_per_epoch"))
    (tmp_path / "copy").mkdir()
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setattr(record, "_entries", {})  # another kernel
    assert checks.progress().states["4.1 steps_per_epoch"] == "not reached"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}', "null"])
def test_a_broken_progress_file_is_replaced(own_record, content):
    own_record.write_text(content)
    checks.steps_per_epoch(right_answer("steps_per_epoch"))
    assert checks.progress().states["4.1 steps_per_epoch"] == "passed"
    assert json.loads(own_record.read_text())


def test_progress_that_cannot_be_written_is_kept_in_the_kernel(own_record, monkeypatch):
    own_record.write_text("a file where a folder should be")
    monkeypatch.setenv("LABUTILS_ARTIFACTS", str(own_record))
    assert checks.steps_per_epoch(right_answer("steps_per_epoch"))
    assert checks.progress().states["4.1 steps_per_epoch"] == "passed"


def test_importing_the_checks_loads_no_tensorflow(python):
    code = "import sys; from labutils import checks; checks.progress(); print('tensorflow' in sys.modules)"
    assert python(code).stdout.strip() == "False"
