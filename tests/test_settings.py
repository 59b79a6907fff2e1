"""What a person has set for Keras elsewhere does not change the lab, and is named in one line."""

import json

import pytest
from conftest import ROOT

from labutils.execution import execute

ASK = """
import labutils
import keras
print(keras.config.backend(), keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format())
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
print(model.compute_dtype, model.weights[0].dtype)
"""
AS_MEANT = ["tensorflow float32 1e-07 channels_last", "float32 float32"]


def home(tmp_path, settings):
    (tmp_path / "keras.json").write_text(settings if isinstance(settings, str) else json.dumps(settings), "utf-8")
    return {"KERAS_HOME": tmp_path}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"backend": "jax"}, "backend jax"),
        ({"floatx": "float16"}, "floatx float16"),
        ({"image_data_format": "channels_first", "epsilon": 1e-3}, "epsilon 0.001"),
        ({"backend": "torch", "floatx": "float64"}, "floatx float64"),
    ],
)
def test_kerass_settings_file_is_set_aside(python, tmp_path, settings, named):
    lines = python(ASK, KERAS_BACKEND="", **home(tmp_path, settings)).stdout.splitlines()
    assert lines[1:] == AS_MEANT
    assert lines[0].startswith("Set aside for the lab")
    assert named in lines[0]
    assert str(tmp_path) in lines[0]


def test_another_backend_in_the_environment_is_set_aside(python, tmp_path):
    lines = python(ASK, KERAS_BACKEND="torch", KERAS_HOME=tmp_path / "none").stdout.splitlines()
    assert "KERAS_BACKEND=torch" in lines[0]
    assert lines[1:] == AS_MEANT


@pytest.mark.parametrize("settings", [{"backend": "tensorflow", "floatx": "float32"}, {}, "[]", "{", ""])
def test_nothing_is_said_where_nothing_is_set_otherwise(python, tmp_path, settings):
    from labutils import _settings

    (tmp_path / "keras.json").write_text(settings if isinstance(settings, str) else json.dumps(settings), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(tmp_path))
        patch.delenv("KERAS_BACKEND", raising=False)
        assert _settings._others() == []


def test_what_was_set_in_the_kernel_before_is_set_aside(python):
    before = "import keras; keras.config.set_floatx('float16'); keras.config.set_dtype_policy('mixed_float16')"
    lines = python(before + ASK, KERAS_BACKEND="tensorflow").stdout.splitlines()
    assert "floatx float16" in lines[0]
    assert "mixed_float16" in lines[0]
    assert lines[1:] == AS_MEANT


def test_another_backend_at_work_already_is_a_sentence(python):
    pretended = "import keras; keras.config.backend = lambda: 'jax'\nimport labutils"
    ran = python(pretended, KERAS_BACKEND="tensorflow")
    assert ran.returncode
    assert "Keras runs on jax in this kernel already" in ran.stderr
    assert "Restart the kernel" in ran.stderr


def test_a_notebook_runs_as_meant_with_settings_from_another_course(tmp_path, monkeypatch):
    for name, value in home(tmp_path, {"backend": "jax", "floatx": "float16"}).items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    execution = execute(ROOT / "notebooks" / "02_encoder_decoder.ipynb", 300)
    assert execution.failure is None, execution.failure
    printed = [
        output.text for cell in execution.notebook.cells for output in cell.get("outputs", []) if "text" in output
    ]
    assert sum("Set aside for the lab" in text for text in printed) == 1
