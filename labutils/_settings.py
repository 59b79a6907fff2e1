"""Sets aside what a person's settings from elsewhere make of Keras, and says so in one line where Keras is imported.

Another backend ends the first cell in an error, and half precision makes right solutions fail. Keras reads
``KERAS_BACKEND`` and ``keras.json``, in ``KERAS_HOME`` or ``~/.keras``, once, when it is imported.
"""

import importlib.abc
import importlib.machinery
import json
import os
import sys

STANDARD = {"backend": "tensorflow", "floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last"}


def install():
    """Have Keras run as the lab means it, if it is still to come; mend what can be mended if it is there.

    Raises
    ------
    ImportError
        Keras runs on another backend already.
    """
    keras = sys.modules.get("keras")
    if keras is None:
        others = _others()
        os.environ["KERAS_BACKEND"] = STANDARD["backend"]
        if others:
            sys.meta_path.insert(0, _Finder(others))
        return
    backend = keras.config.backend()
    if backend != STANDARD["backend"]:
        raise ImportError(
            f"Keras runs on {backend} in this kernel already, and the lab needs TensorFlow. Restart the kernel, and "
            "import labutils before anything that imports Keras."
        )
    now = {name: getattr(keras.config, name)() for name in ("floatx", "epsilon", "image_data_format")}
    others = [f"{name} {value}" for name, value in now.items() if value != STANDARD[name]]
    if keras.config.dtype_policy().name != "float32":
        others.append(f"dtype policy {keras.config.dtype_policy().name}")
    if others:
        _reset(keras, others)


def _others():
    """What is set otherwise than the lab means it, in words."""
    home = os.path.expanduser(os.environ.get("KERAS_HOME") or os.path.join("~", ".keras"))
    path = os.path.join(home, "keras.json")
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError):
        settings = {}
    settings = settings if isinstance(settings, dict) else {}
    found = [f"{name} {settings[name]}" for name in STANDARD if settings.get(name, STANDARD[name]) != STANDARD[name]]
    found = [f"{each} in {path}" for each in found]
    backend = os.environ.get("KERAS_BACKEND") or STANDARD["backend"]
    return [*found, *[f"KERAS_BACKEND={backend}"] * (backend != STANDARD["backend"])]


def _reset(keras, others):
    keras.config.set_floatx(STANDARD["floatx"])
    keras.config.set_epsilon(STANDARD["epsilon"])
    keras.config.set_image_data_format(STANDARD["image_data_format"])
    keras.config.set_dtype_policy("float32")
    print(f"Set aside for the lab, which was made for Keras' own settings: {', '.join(others)}.")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds Keras as Python would, and resets it once it is imported."""

    def __init__(self, others):
        self._others = others

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "keras":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_and_reset(module):
                execute(module)
                if self in sys.meta_path:
                    sys.meta_path.remove(self)
                    _reset(module, self._others)

            spec.loader.exec_module = exec_and_reset
        return spec
