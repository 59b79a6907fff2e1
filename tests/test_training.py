"""Training: an epoch has its steps, a seed decides the losses, and only whole and fresh artefacts count."""

import json
import os
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import ROOT

from labutils import datasets, models, training

# Keras 3.15 meets NumPy 2 with a warning of its own
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STEPS = [1, 2, 3, 5, 7, 12, 15, 97, 128, 141, 391, 467, 469, 500, 501, 503, 600, 938, 1000, 7813, 1_000_003]


# ----- steps -----


@pytest.mark.parametrize(
    ("examples", "batch_size", "steps"),
    [(60000, 128, 469), (18000, 128, 141), (256, 128, 2), (257, 128, 3), (1, 128, 1)],
)
def test_steps_per_epoch(examples, batch_size, steps):
    assert training.steps_per_epoch(examples, batch_size) == steps


def test_fast_settings_divide_the_epoch():
    assert training.fast_settings()["steps_per_execution"] == 1
    for steps in STEPS:
        at_once = training.fast_settings(steps)["steps_per_execution"]
        assert steps % at_once == 0
        assert 1 <= at_once <= 500
        assert not [more for more in range(at_once + 1, min(steps, 500) + 1) if steps % more == 0]


def iterations(settings, steps):
    """How many steps Keras takes in an epoch of so many, on data without an end."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", **settings)
    ones = np.ones((2, 1), np.float32)
    dataset = tf.data.Dataset.from_tensors((ones, ones)).repeat()
    model.fit(dataset, steps_per_epoch=steps, epochs=1, verbose=0, shuffle=False)
    return int(model.optimizer.iterations)


@pytest.mark.parametrize("steps", [1, 15, 141, 503])
def test_an_epoch_takes_exactly_its_steps(steps):
    assert iterations(training.fast_settings(steps), steps) == steps


def test_keras_rounds_an_epoch_up_where_the_settings_do_not_divide_it():
    taken = iterations({"steps_per_execution": 4, "jit_compile": False}, 5)
    if taken == 5:
        pytest.skip("this Keras does not round up any more: the settings need no longer divide the steps")
    assert taken == 8


# ----- compile, train, evaluate -----


@pytest.fixture(scope="module")
def images():
    """Blobs that can be learnt quickly, uint8 (300, 28, 28, 1)."""
    centres = np.random.default_rng(0).uniform(8, 20, (300, 2, 1, 1))
    rows, columns = np.indices((28, 28))
    distances = (rows - centres[:, 0]) ** 2 + (columns - centres[:, 1]) ** 2
    return np.round(255 * np.exp(-distances / 20)).astype(np.uint8)[..., None]


def train(images, seed=0):
    model = training.compile_autoencoder(models.build_default(seed=seed), steps=2)
    train_dataset = datasets.fast_train_dataset(images[:256], seed=seed)
    test_dataset = datasets.fast_test_dataset(images[256:])
    history = training.train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch=2, epochs=5)
    return model, test_dataset, history.history


def test_compile_autoencoder_gives_the_model_back_with_adam_and_cross_entropy():
    model = models.build_default()
    assert training.compile_autoencoder(model) is model
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.loss == "binary_crossentropy"


def test_training_lowers_the_loss_and_measures_it_on_the_test_images_and_a_seed_decides_it(images, capfd):
    model, test_dataset, history = train(images)
    out, err = capfd.readouterr()
    assert out.count("Epoch") == 5
    assert err == ""
    assert list(history) == ["loss", "val_loss"]
    assert len(history["val_loss"]) == 5
    assert history["val_loss"][-1] < 0.9 * history["val_loss"][0]
    assert int(model.optimizer.iterations) == 10
    assert training.evaluate(model, test_dataset) == pytest.approx(history["val_loss"][-1], rel=1e-4)
    assert train(images)[2] == history
    assert train(images, seed=1)[2] != history


# ----- artefacts -----


@pytest.fixture
def artefacts(tmp_path, monkeypatch):
    """The folder in which the trained autoencoder is left."""
    monkeypatch.setenv("LABUTILS_ARTIFACTS", str(tmp_path / "artifacts"))
    return tmp_path / "artifacts" / "autoencoder"


@pytest.fixture
def trainings(monkeypatch):
    """A list of the trainings that took place; they cost nothing."""
    took_place = []

    def train_default(digits):
        took_place.append(digits)
        return training.compile_autoencoder(models.build_default()), {"loss": [0.3, 0.2], "val_loss": [0.3, 0.25]}

    monkeypatch.setattr(training, "train_default", train_default)
    return took_place


def test_what_was_trained_is_taken_from_then_on(digits, artefacts, monkeypatch, capsys):
    monkeypatch.setattr(training, "EPOCHS", 1)
    monkeypatch.setattr(training.train_default, "__defaults__", (1, "relu", 0))
    model, history = training.trained_autoencoder(digits)
    assert "No trained autoencoder here yet. Training one now: 1 epochs on MNIST." in capsys.readouterr().out
    monkeypatch.setattr(training, "train_default", None)
    taken, same_history = training.trained_autoencoder(digits)
    assert capsys.readouterr().out.startswith("The autoencoder of notebook 04: 1 epochs on MNIST, ")
    assert same_history == history
    for weight, same in zip(model.get_weights(), taken.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)
    test_dataset = datasets.fast_test_dataset(digits.arrays("test")[0])
    assert training.evaluate(taken, test_dataset) == pytest.approx(history["val_loss"][-1], rel=1e-4)


def test_what_is_written_down(digits, artefacts, trainings):
    record = training.keep(*training.train_default(digits), digits)
    assert record == json.loads((artefacts / "training.json").read_text())
    assert (record["data"], record["epochs"], record["seed"], record["test_loss"]) == ("MNIST", 2, 0, 0.25)
    assert list(record["ladder"]) == ["untrained", "constant", "mean image", "PCA", "floor"]
    assert record["fingerprint"]["data"] == digits.fingerprint
    assert sorted(path.name for path in artefacts.iterdir()) == ["model.weights.h5", "training.json"]


def test_other_data_make_it_stale(digits, artefacts, trainings, capsys):
    training.trained_autoencoder(digits)
    record = json.loads((artefacts / "training.json").read_text())
    record["fingerprint"]["data"] = "mnist/0"
    (artefacts / "training.json").write_text(json.dumps(record))
    training.trained_autoencoder(digits)
    wanted = f"The autoencoder of notebook 04 is stale (data mnist/0, now {digits.fingerprint}). Training one now"
    assert wanted in capsys.readouterr().out
    training.trained_autoencoder(digits)
    assert len(trainings) == 2


def test_other_versions_make_it_stale(digits, artefacts, trainings, monkeypatch, capsys):
    training.trained_autoencoder(digits)
    version = keras.__version__
    monkeypatch.setattr(keras, "__version__", "4.0")
    training.trained_autoencoder(digits)
    out = capsys.readouterr().out
    assert "is stale (versions" in out
    assert f"keras {version}" in out
    assert "now keras 4.0" in out
    assert len(trainings) == 2


def without_weights(folder):
    (folder / "model.weights.h5").unlink()


def without_record(folder):
    (folder / "training.json").unlink()


def with_half_a_record(folder):
    record = (folder / "training.json").read_text()
    (folder / "training.json").write_text(record[: len(record) // 2])


def with_another_record(folder):
    (folder / "training.json").write_text('{"data": "MNIST"}')


@pytest.mark.parametrize("damage", [without_weights, without_record, with_half_a_record, with_another_record])
def test_what_is_not_whole_is_made_anew(digits, artefacts, trainings, capsys, damage):
    training.trained_autoencoder(digits)
    damage(artefacts)
    training.trained_autoencoder(digits)
    assert capsys.readouterr().out.count("No trained autoencoder here yet. Training one now") == 2
    training.trained_autoencoder(digits)
    assert len(trainings) == 2


@pytest.mark.parametrize("stopped_at", ["model.weights.h5", "training.json"])
def test_what_was_stopped_while_it_was_put_in_place_counts_for_nothing(
    digits, artefacts, trainings, monkeypatch, capsys, stopped_at
):
    training.trained_autoencoder(digits)
    model, history = training.train_default(digits)

    def replace(path, target):
        if path.name == stopped_at:
            raise KeyboardInterrupt
        os.replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            training.keep(model, history, digits)
    capsys.readouterr()
    training.trained_autoencoder(digits)
    assert "No trained autoencoder here yet" in capsys.readouterr().out


def test_weights_are_never_half_written(digits, artefacts, trainings, monkeypatch, capsys):
    training.trained_autoencoder(digits)
    model, history = training.train_default(digits)

    def save_half(path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(model, "save_weights", save_half)
    with pytest.raises(KeyboardInterrupt):
        training.keep(model, history, digits)
    capsys.readouterr()
    training.trained_autoencoder(digits)
    assert "The autoencoder of notebook 04: 2 epochs" in capsys.readouterr().out


def test_without_a_setting_artifacts_lie_in_the_lab_s_folder(monkeypatch):
    monkeypatch.delenv("LABUTILS_ARTIFACTS")
    assert training._folder() == ROOT / "artifacts" / "autoencoder"
