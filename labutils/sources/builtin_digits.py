"""Digits without a network: scikit-learn's 1,797 handwritten ones, enlarged to 28 x 28, varied, as a TFDS builder."""

import numpy as np
import tensorflow_datasets as tfds
from scipy import ndimage
from sklearn.datasets import load_digits

TRAIN_ORIGINALS = 1500  # the other 297, written later and by other hands, are for testing
VARIATIONS = {"train": 12, "test": 5}  # 18,000 and 1,485 images
_SMOOTH = ndimage.zoom(np.eye(4), (7, 1), order=3)  # (28, 4): draws a smooth curve through four numbers


class BuiltinDigits(tfds.core.GeneratorBasedBuilder):
    """The built-in digits with MNIST's features and splits.

    ``image`` is uint8 (28, 28, 1), ``label`` int64 in 0..9. The originals are 8 x 8 pixels of 17 grey levels, made from
    NIST forms by E. Alpaydin and C. Kaynak (1998, UCI "Optical Recognition of Handwritten Digits"). They are split by
    original before they are varied, so no original is in both splits.
    """

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description="Handwritten digits from scikit-learn, enlarged to 28 x 28 and gently varied.",
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(28, 28, 1)),
                    "label": tfds.features.ClassLabel(num_classes=10),
                }
            ),
            supervised_keys=("image", "label"),
            homepage="https://archive.ics.uci.edu/dataset/80",
        )

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples("train", range(TRAIN_ORIGINALS)),
            "test": self._generate_examples("test", range(TRAIN_ORIGINALS, 1797)),
        }

    def _generate_examples(self, split, originals):
        digits = load_digits()
        for original in originals:
            for variation in range(VARIATIONS[split]):
                image = vary(digits.images[original] / 16, np.random.default_rng([original, variation]))
                yield f"{original}-{variation}", {"image": image[..., None], "label": int(digits.target[original])}


def vary(original, rng):
    """Draw a small digit as MNIST would show it: 20 pixels high, centred by its mass on 28 x 28, slightly varied.

    Parameters
    ----------
    original : float array (8, 8) in 0..1
    rng : numpy.random.Generator
        Chooses slant, turn, size, wobble and thickness.

    Returns
    -------
    uint8 array (28, 28)
    """
    padded = np.pad(original, 3)
    image = ndimage.map_coordinates(padded, _sampling_points(padded, rng), order=3).clip(0, 1)
    # Eight pixels show a thin stroke as a faint one. Dividing by the ink nearby makes every stroke count; cutting at a
    # grey level then turns blurred ink into a stroke with an edge about one pixel wide, as in MNIST.
    ink_nearby = ndimage.gaussian_filter(ndimage.maximum_filter(image, 7), 2).clip(0.3)
    image = image / (0.1 + 0.9 * ink_nearby)
    level = rng.uniform(0.54, 0.70)
    return np.round(255 * ((image - level) / 0.44 + 0.5).clip(0, 1)).astype(np.uint8)


def _sampling_points(image, rng):
    """For each of the 28 x 28 pixels, where to look in ``image``: float (2, 28, 28), rows then columns."""
    turn = np.deg2rad(rng.uniform(-8, 8))
    slant = rng.uniform(-0.15, 0.3)
    scale = 20 / 8 * np.exp(rng.uniform(-0.06, 0.06, 2))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    to_original = rotation @ np.array([[1, 0], [slant, 1]]) / scale
    offsets = np.stack(np.meshgrid(np.arange(28), np.arange(28), indexing="ij")) - 13.5
    wobble = _SMOOTH @ rng.normal(0, 0.2, (2, 4, 4)) @ _SMOOTH.T
    centre = np.array(ndimage.center_of_mass(image)).reshape(2, 1, 1)
    return np.tensordot(to_original, offsets, 1) + centre + wobble
