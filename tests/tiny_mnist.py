"""MNIST in miniature: four small archives in MNIST's own format, which TFDS's own builder takes for MNIST."""

import gzip
import hashlib
import struct

import numpy as np

SIZES = {"train": ("train", 200), "test": ("t10k", 100)}
NAMES = [f"{prefix}-{part}-ubyte.gz" for part in ("images-idx3", "labels-idx1") for prefix in ("t10k", "train")]


def images(split):
    """uint8 array (n, 28, 28, 1): each image its own."""
    _, size = SIZES[split]
    return np.random.default_rng(size).integers(0, 256, (size, 28, 28, 1), np.uint8)


def labels(split):
    """int64 array (n,)."""
    _, size = SIZES[split]
    return np.arange(size) % 10


def write_archives(folder):
    for split, (prefix, size) in SIZES.items():
        _write(folder / f"{prefix}-images-idx3-ubyte.gz", struct.pack(">4i", 2051, size, 28, 28), images(split))
        _write(folder / f"{prefix}-labels-idx1-ubyte.gz", struct.pack(">2i", 2049, size), labels(split))


def pretend(archives, url, set_attribute=setattr):
    """Let TFDS take these archives for MNIST's, and ``url`` for the folder that they are downloaded from."""
    from tensorflow_datasets.core.download.checksums import UrlInfo
    from tensorflow_datasets.core.utils import Size
    from tensorflow_datasets.image_classification import mnist

    contents = {name: (archives / name).read_bytes() for name in NAMES}
    sums = {
        url + name: UrlInfo(size=Size(len(content)), checksum=hashlib.sha256(content).hexdigest(), filename=name)
        for name, content in contents.items()
    }
    set_attribute(mnist.MNIST, "URL", url)
    set_attribute(mnist.MNIST, "url_infos", sums)
    set_attribute(mnist, "_TRAIN_EXAMPLES", SIZES["train"][1])
    set_attribute(mnist, "_TEST_EXAMPLES", SIZES["test"][1])


def assert_served_by(digits):
    """All images and labels are there, in whatever order TFDS chose."""
    assert digits.name == "MNIST"
    for split in SIZES:
        served, wanted = (
            {image.tobytes(): int(label) for image, label in zip(*pair, strict=True)}
            for pair in (digits.arrays(split), (images(split), labels(split)))
        )
        assert served == wanted


def _write(path, header, array):
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes(), mtime=0))
