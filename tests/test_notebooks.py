"""The notebooks run on every source of digits, in any order; they are well formed, and agree with labutils."""

import os
import statistics
import subprocess
import sys

import jupytext
import keras
import numpy as np
import pytest
import tensorflow as tf
from notebook_cells import NOTEBOOKS, cells, exercises, names

from labutils import datasets, metrics, models, training
from labutils.__main__ import main

EXERCISES = [
    "preprocess",
    "make_train_dataset",
    "make_test_dataset",
    "build_encoder",
    "build_decoder",
    "build_autoencoder",
    "pixel_cross_entropy",
    "compile_autoencoder",
    "steps_per_epoch",
    "train_autoencoder",
    "reconstruct",
    "reconstruction_error",
]


# Each notebook has a kernel of its own. On MNIST they run in the order of the lab, on the built-in digits backwards and
# without anything that another has left.
@pytest.mark.parametrize("source", ["mnist", "builtin"])
def test_notebooks_run_and_say_what_they_said(source, request, tmp_path):
    data_dir = request.getfixturevalue(f"{source}_data_dir")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300"),
            *("-p", "no:cacheprovider", "--tb=short", "--color=no"),
            *(str(path) for path in (NOTEBOOKS if source == "mnist" else reversed(NOTEBOOKS))),
        ],
        env={
            **os.environ,
            "LABUTILS_DIGITS": source,
            "TFDS_DATA_DIR": str(data_dir),
            "LABUTILS_ARTIFACTS": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert result.returncode == 0, result.stdout[-6000:]


def test_every_notebook_agrees_with_its_script(capsys):
    assert main(["sync", "--check"]) == 0, capsys.readouterr()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestForm:
    def test_is_prose_with_short_cells(self, path):
        code = cells(path, "code")
        lengths = sorted(sum(1 for line in cell.source.splitlines() if line.strip()) for cell in code)
        assert 0.5 <= 1 - len(code) / len(cells(path)) <= 0.6
        assert statistics.median(lengths) <= 6
        assert lengths[int(0.9 * len(lengths))] <= 16
        assert lengths[-1] <= 25

    def test_opens_with_objectives_and_closes_with_recap(self, path):
        first, *_, last = cells(path, "markdown")
        assert all(words in first.source for words in ("You will be able to", "Takes", "Needs"))
        assert all(words in last.source for words in ("Recap", "To think about"))

    def test_markers_stand_in_code_cells_alone(self, path):
        for cell in cells(path, "markdown"):
            assert "# %%" not in cell.source
            assert "### BEGIN" not in cell.source

    def test_was_run_in_order_on_mnist_without_errors_or_noise(self, path):
        code = cells(path, "code")
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
        outputs = [output for cell in code for output in cell.outputs]
        assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
        assert any("MNIST: 60,000 training" in output.get("text", "") for output in outputs)

    def test_pictures_say_in_words_what_they_show(self, path):
        for cell in cells(path, "code"):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    assert len(output.metadata["image/png"]["alt"]) > 40, cell.source

    def test_compared_cells_have_something_to_compare(self, path):
        compared = [cell for cell in cells(path, "code") if "nbval-check-output" in cell.metadata.get("tags", [])]
        assert compared
        assert all(cell.outputs for cell in compared)

    def test_says_nothing_of_where_it_was_made(self, path):
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text
        assert "/root/" not in text
        assert "/tmp/" not in text


def test_exercises_are_those_of_the_design():
    assert list(exercises()) == EXERCISES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_check_cells_are_locked_and_worth_points(path):
    for cell in jupytext.read(path.with_suffix(".py")).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            assert mark["locked"]
            assert mark["points"] > 0
        elif mark:
            assert "### BEGIN SOLUTION" in cell.source
            assert "### END SOLUTION" in cell.source


@pytest.fixture(scope="module")
def solutions():
    """The functions of the solution cells, by name."""
    namespace = names()
    for _, solution, _ in exercises().values():
        exec(solution, namespace)
    return namespace


# (where, what is right, what a slip would make of it)
MUTATIONS = {
    "not scaled": ("preprocess", "/ 255", "/ 1"),
    "scaled by 256": ("preprocess", "/ 255", "/ 256"),
    "not flattened": ("preprocess", "(784,)", "(28, 28)"),
    "label as target": ("preprocess", "return pixels, pixels", "return pixels, label"),
    "not shuffled": ("make_train_dataset", ".shuffle(1024, seed=0)", ""),
    "test repeated": ("make_test_dataset", ".batch(batch_size)", ".batch(batch_size).repeat()"),
    "a latent of 31": ("build_encoder", "Dense(32", "Dense(31"),
    "ReLU at the output": ("build_decoder", "sigmoid", "relu"),
    "encoder left out": ("build_autoencoder", "decoder(encoder(inputs))", "inputs"),
    "half of the cross-entropy": ("pixel_cross_entropy", "(1 - target)", "0 * (1 - target)"),
    "squared error": ("compile_autoencoder", "binary_crossentropy", "mean_squared_error"),
    "last batch forgotten": ("steps_per_epoch", "-(-examples // batch_size)", "examples // batch_size"),
    "validation on train": ("train_autoencoder", "validation_data=test_dataset", "validation_data=train_dataset"),
    "input not scaled": ("reconstruct", " / 255", ""),
    "one number for all": ("reconstruction_error", ", axis=(1, 2)", ""),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_check_cells_are_red_on_a_slip(name, solutions):
    exercise, right, wrong = MUTATIONS[name]
    _, solution, check = exercises()[exercise]
    assert right in solution
    namespace = dict(solutions)
    exec(solution.replace(right, wrong), namespace)
    with pytest.raises(AssertionError):
        exec(check, namespace)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (300, 28, 28, 1), np.uint8)


@pytest.fixture(scope="module")
def dataset(images):
    return tf.data.Dataset.from_tensor_slices((images, np.zeros(300, np.int64)))


class TestSolutionsAgreeWithLabutils:
    def test_preprocess(self, solutions, images):
        for ours, theirs in zip(solutions["preprocess"](images[0], 0), datasets.preprocess(images[0], 0), strict=True):
            np.testing.assert_array_equal(ours, theirs)

    @pytest.mark.parametrize("name", ["make_train_dataset", "make_test_dataset"])
    def test_datasets(self, solutions, dataset, name):
        ours, theirs = (list(make(dataset, 128).take(4)) for make in (solutions[name], getattr(datasets, name)))
        assert [batch[0].shape for batch in ours] == [batch[0].shape for batch in theirs]
        for (our_inputs, our_targets), (inputs, targets) in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(our_inputs, inputs)
            np.testing.assert_array_equal(our_targets, targets)

    def test_models(self, solutions):
        outputs = []
        for build in (solutions, vars(models)):
            keras.utils.set_random_seed(0)
            encoder, decoder = build["build_encoder"](), build["build_decoder"]()
            autoencoder = build["build_autoencoder"](encoder, decoder)
            outputs.append(autoencoder.predict(np.linspace(0, 1, 1568).reshape(2, 784), verbose=0))
        np.testing.assert_allclose(*outputs, rtol=1e-6)

    def test_loss(self, solutions):
        target, output = np.random.default_rng(0).random((2, 5, 784)).round(1)
        ours, theirs = (part["pixel_cross_entropy"](target, output) for part in (solutions, vars(metrics)))
        assert ours == pytest.approx(theirs)

    def test_compilation_and_training(self, solutions, images):
        losses = []
        for part in (solutions, vars(training)):
            model = part["compile_autoencoder"](models.build_default())
            train, test = datasets.fast_train_dataset(images), datasets.fast_test_dataset(images)
            steps = part["steps_per_epoch"](len(images), 128)
            losses.append(part["train_autoencoder"](model, train, test, steps, 2).history)
        assert list(losses[0]) == list(losses[1]) == ["loss", "val_loss"]
        np.testing.assert_allclose(losses[0]["val_loss"], losses[1]["val_loss"], rtol=1e-3)

    def test_steps_per_epoch(self, solutions):
        for examples in (1, 127, 128, 129, 60_000):
            assert solutions["steps_per_epoch"](examples, 128) == training.steps_per_epoch(examples, 128)

    def test_reconstructions_and_errors(self, solutions, images):
        model = models.build_default()
        ours, theirs = (part["reconstruct"](model, images) for part in (solutions, vars(models)))
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
        originals = images[..., 0] / 255
        errors = metrics.reconstruction_error(originals, theirs)
        np.testing.assert_allclose(solutions["reconstruction_error"](originals, ours), errors, rtol=1e-5)
