"""Plain values: all that crosses from where a student's code runs to where it is judged, and how they are packed."""

import base64
import json
import math
import zlib
from dataclasses import dataclass

import numpy as np

TEXT = 4000  # characters that are kept of a text
ITEMS = 20  # that are kept of a list
LARGEST = 100_000_000  # bytes of arrays in one record, unpacked
KINDS = "biuf"  # of arrays: booleans, whole numbers, fractions


@dataclass(frozen=True)
class Thing:
    """What is left of an object that is no plain value.

    Attributes
    ----------
    type : str
        The name of its class; of a class, its own name.
    is_class : bool
    length : int or None
    items : tuple
        The first items of a list or tuple, as plain values.
    """

    type: str
    is_class: bool = False
    length: int | None = None
    items: tuple = ()


@dataclass(frozen=True)
class Failure:
    """What came instead of an answer: an exception, or no end.

    Attributes
    ----------
    error : str
        The class of the exception; "" if the time was up.
    bases : tuple of str
        The names of that class and of those above it.
    text, words : str
        Its whole message, and the few words of it that a student can use.
    where : str
        The student's own line, such as `` (your line 3: `return x`)``; "" if it is not known.
    is_own : bool
        Whether the student's own line raised it.
    who : str
        The beginning of a sentence about it, such as "Your function stops".
    is_stuck : bool
        Whether the time was up and the code could not even be stopped.
    """

    error: str = ""
    bases: tuple = ()
    text: str = ""
    words: str = ""
    where: str = ""
    is_own: bool = False
    who: str = ""
    is_stuck: bool = False


class Unreadable(ValueError):
    """A record that the asking half cannot have written."""


def seen(value):
    """What there is to see of any value, as a plain one: arrays and numbers as they are, of others a ``Thing``."""
    if value is None or type(value) in (bool, int, float, str):
        return plain(value)
    if isinstance(value, type):
        return Thing(_short(value.__name__), is_class=True)
    name = _short(type(value).__name__)
    if isinstance(value, list | tuple):
        return Thing(name, length=len(value), items=tuple(seen(item) for item in value[:ITEMS]))
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        array = _array(value)
        return Thing(name) if array is None else array
    try:
        return Thing(name, length=len(value))
    except Exception:  # it has no length, or a broken one
        return Thing(name)


def _array(value):
    """An array of plain numbers, or None; bfloat16, which NumPy does not know, becomes float32."""
    try:
        array = np.asarray(value)
        if array.dtype.name == "bfloat16":
            array = array.astype(np.float32)
    except Exception:  # a symbolic tensor, or whatever calls itself an array
        return None
    return array if type(array) is np.ndarray and array.dtype.kind in KINDS else None


def plain(value):
    """A record as it crosses: dictionaries, lists, tuples, arrays, numbers, text, ``Thing`` and ``Failure``.

    Raises
    ------
    TypeError
        Anything else is in it.
    """
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return float(value) if abs(value) < 1e300 else math.inf
    if value is None or isinstance(value, bool | int | float | Thing | Failure):
        return value
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in KINDS or value.dtype.itemsize > 8:
            raise TypeError(f"An array of {value.dtype} is no plain value.")
        return value
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value))
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    raise TypeError(f"{type(value).__name__} is no plain value.")


def _short(text):
    return text[:TEXT].encode("utf-8", "replace").decode()


def pack(record):
    """A record, a dictionary of plain values, as one line of text."""
    return json.dumps(_packed(plain(record)))


def _packed(value):
    if isinstance(value, np.ndarray):
        value = value.astype(value.dtype.newbyteorder("<"))
        data = base64.b64encode(zlib.compress(value.tobytes(), 1)).decode()
        return {"array": [value.dtype.str, list(value.shape), data]}
    if isinstance(value, Thing | Failure):
        return {type(value).__name__: {name: _packed(item) for name, item in vars(value).items()}}
    if isinstance(value, tuple):
        return {"tuple": [*map(_packed, value)]}
    if isinstance(value, list):
        return [*map(_packed, value)]
    if isinstance(value, dict):
        return {"dict": {name: _packed(item) for name, item in value.items()}}
    return value


def unpack(text):
    """The record in a line of text, whoever wrote it.

    Raises
    ------
    Unreadable
        It is not what ``pack`` makes of a dictionary, or its arrays are far too large.
    """
    try:
        record = _Unpacking().value(json.loads(text))
    except Unreadable:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError, zlib.error) as error:
        raise Unreadable(f"no answers that can be read ({type(error).__name__})") from None
    if not isinstance(record, dict):
        raise Unreadable("no answers that can be read")
    return record


class _Unpacking:
    def __init__(self):
        self._left = LARGEST
        self._kinds = {
            "array": self._array,
            "tuple": lambda content: tuple(map(self.value, content)),
            "dict": lambda content: {_short(name): self.value(item) for name, item in content.items()},
            "Thing": lambda content: self._object(Thing(""), content),
            "Failure": lambda content: self._object(Failure(), content),
        }

    def value(self, packed):
        if isinstance(packed, list):
            return [*map(self.value, packed)]
        if isinstance(packed, dict):
            [(kind, content)] = packed.items()
            return self._kinds[kind](content)
        return plain(packed)

    def _array(self, content):
        kind, shape, data = content
        dtype = np.dtype(kind)
        if dtype.str != kind or dtype.kind not in KINDS or dtype.itemsize > 8 or len(shape) > 8:
            raise Unreadable(f"an array of {kind!r:.40}")
        if not all(type(size) is int and size >= 0 for size in shape):
            raise Unreadable("an array without a shape")
        size = math.prod(shape) * dtype.itemsize
        self._left -= size
        if self._left < 0:
            raise Unreadable("far too much was answered")
        data = zlib.decompressobj().decompress(base64.b64decode(data, validate=True), size + 1)
        if len(data) != size:
            raise Unreadable("an array of another size than it says")
        return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))

    def _object(self, example, content):
        made = type(example)(**{name: self.value(item) for name, item in content.items()})
        for name, value in vars(made).items():
            if type(value) is not type(getattr(example, name)) and not (name == "length" and type(value) is int):
                raise Unreadable(f"a {type(example).__name__} whose {name} is {type(value).__name__}")
        return made
