"""The arrays kept beside TFDS's files: what TFDS gives, made once, made anew when they must be."""

import os
from pathlib import Path

import numpy as np
import pytest
import tiny_mnist

from labutils import sources


def kept(data_dir, name="*.npy"):
    return list(data_dir.glob(f"mnist/*/arrays-*/{name}"))


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"digits" * 1000)


def test_arrays_are_what_tfds_gives(digits):
    for split in ("train", "test"):
        images, labels = digits.arrays(split)
        pairs = [(image.numpy(), label.numpy()) for image, label in digits.dataset(split)]
        np.testing.assert_array_equal(images, [image for image, _ in pairs], strict=True)
        np.testing.assert_array_equal(labels, [label for _, label in pairs], strict=True)
        assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    tiny_mnist.assert_served_by(digits)


def test_they_are_decoded_once_and_mapped_from_then_on(digits, data_dir, monkeypatch):
    again = sources.load(data_dir=data_dir)
    monkeypatch.setattr(type(again.builder), "as_dataset", None)
    for array in (*again.arrays("train"), *again.arrays("test")):
        assert isinstance(array, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_they_are_made_anew_when_the_files_of_tfds_change(digits, data_dir):
    np.save(kept(data_dir, "train_images.npy")[0], np.zeros((200, 28, 28, 1), np.uint8))
    assert not digits.arrays("train")[0].any()  # believed as long as TFDS's files stay as they were
    records = next(data_dir.glob("mnist/*/mnist-train.tfrecord*"))
    os.utime(records, (0, records.stat().st_mtime + 10))
    tiny_mnist.assert_served_by(digits)
    assert len(kept(data_dir)) == 4


def test_they_survive_a_copy_that_keeps_whole_seconds_only(digits, data_dir, monkeypatch):
    for path in data_dir.glob("mnist/*/*"):
        os.utime(path, (0, int(path.stat().st_mtime)))  # as container images and USB sticks do
    monkeypatch.setattr(type(digits.builder), "as_dataset", None)
    assert isinstance(digits.arrays("train")[0], np.memmap)


@pytest.mark.parametrize("damage", [truncate, empty, overwrite, Path.unlink])
@pytest.mark.parametrize("part", ["images", "labels"])
def test_damaged_ones_are_made_anew(digits, data_dir, damage, part):
    damage(kept(data_dir, f"train_{part}.npy")[0])
    tiny_mnist.assert_served_by(digits)
    assert isinstance(digits.arrays("train")[0], np.memmap)


def test_they_come_from_a_folder_that_cannot_be_written_to(digits, data_dir):
    kept(data_dir, "test_images.npy")[0].unlink()
    (data_dir / "labutils.lock").unlink()
    (data_dir / "labutils.lock").mkdir()  # so that opening it fails, for the administrator too
    tiny_mnist.assert_served_by(digits)
    assert not kept(data_dir, "test_images.npy")


def test_they_come_where_there_is_no_room_to_keep_them(digits, data_dir, full_disk):
    kept(data_dir, "train_images.npy")[0].unlink()
    with full_disk(100_000):
        tiny_mnist.assert_served_by(digits)
    assert not list(data_dir.glob("mnist/*/arrays-*"))
