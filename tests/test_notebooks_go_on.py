"""What passes its check carries the notebook on: its later cells run with unusual right answers too."""

import re

import pytest
from answers import right_answers
from notebook_cells import NOTEBOOKS, cells

from labutils import exercises, sources, training

LAB = exercises.found()
ALL_CELLS = "no cell has this"


@pytest.fixture(scope="module")
def digits(builtin_data_dir):
    return sources.load("builtin", data_dir=builtin_data_dir, quiet=True)


@pytest.fixture(scope="module")
def trained(digits):
    return training.train_default(digits, 2)


def not_attempted():
    def stub(*arguments):
        raise NotImplementedError

    return stub


@pytest.mark.parametrize(
    ("number", "until", "answers"),
    [
        (
            1,
            "## Where the time goes",
            {"preprocess": "converts_as_image", "make_train_dataset": "reshuffles_explicitly"},
        ),
        (2, ALL_CELLS, {"build_encoder": "without_input_layer"}),
        (2, ALL_CELLS, {"build_encoder": "Encoder", "build_decoder": "Decoder", "build_autoencoder": "subclassed"}),
        (
            2,
            ALL_CELLS,
            {
                "build_encoder": "without_input_layer",
                "build_decoder": "without_input_layer",
                "build_autoencoder": "sequential",
            },
        ),
        (2, ALL_CELLS, {"build_encoder": "like_torch", "build_autoencoder": "from_the_encoders_ends"}),
        (2, ALL_CELLS, {"build_encoder": "hidden_layer_in_halves", "build_autoencoder": "Traced"}),
        (
            3,
            "## Adam against",
            {"pixel_cross_entropy": "keras_operation", "compile_autoencoder": "short_name_and_accuracy"},
        ),
        (5, "### What the 32", {"reconstruct": "returns_a_tensor", "reconstruction_error": "tensorflow"}),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else None,
)
def test_the_notebook_goes_on_with(number, until, answers, digits, trained, monkeypatch):
    monkeypatch.setattr(sources, "load", lambda: digits)
    monkeypatch.setattr(training, "trained_autoencoder", lambda digits: trained)
    namespace = {"display": lambda shown: None}
    for cell in cells(NOTEBOOKS[number - 1]):
        if cell.cell_type == "markdown" and until in cell.source:
            break
        exercise = cell.metadata.get("nbgrader", {}).get("grade_id")
        if exercise in LAB:
            found = {answer.name: answer.handed_in for answer in right_answers(exercise)}
            namespace[exercise] = found[answers[exercise]] if exercise in answers else not_attempted()
        elif cell.cell_type == "code":
            tests = re.compile("### BEGIN HIDDEN TESTS.*", re.DOTALL)
            exec(tests.sub("", re.sub(r"^widgets\..*", "", cell.source, flags=re.MULTILINE)), namespace)
    states = namespace["checks"].progress().states
    assert all(
        any(name.endswith(f" {exercise}") and states[name] == "passed" for name in states) for exercise in answers
    )
