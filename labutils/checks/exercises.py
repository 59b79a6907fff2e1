"""The twelve exercises: what the student writes, who judges it, and where the lab's own version stands."""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Exercise:
    number: str
    check: str  # the function of labutils.checks, and of the judge's module
    signature: str  # what the student writes
    judge_module: str
    reference_module: str

    @property
    def name(self):
        return self.signature.partition("(")[0]

    @property
    def arguments(self):
        """How many values the lab hands over when it calls the function."""
        inside = self.signature.partition("(")[2].rstrip(")")
        return len(inside.split(",")) if inside else 0

    def judge(self):
        """The function that judges an attempt; imports TensorFlow."""
        return getattr(import_module(f"labutils.checks.{self.judge_module}"), self.check)

    def reference(self):
        """The lab's own version of what the student writes."""
        return getattr(import_module(f"labutils.{self.reference_module}"), self.name)


_ALL = [
    Exercise("1.1", "preprocess", "preprocess(image, label)", "preprocessing", "datasets"),
    Exercise("1.2", "train_dataset", "make_train_dataset(dataset, batch_size)", "pipelines", "datasets"),
    Exercise("1.3", "test_dataset", "make_test_dataset(dataset, batch_size)", "pipelines", "datasets"),
    Exercise("2.1", "encoder", "build_encoder()", "parts", "models"),
    Exercise("2.2", "decoder", "build_decoder()", "parts", "models"),
    Exercise("2.3", "autoencoder", "build_autoencoder(encoder, decoder)", "whole", "models"),
    Exercise("3.1", "pixel_cross_entropy", "pixel_cross_entropy(target, output)", "loss", "metrics"),
    Exercise("3.2", "compiled", "compile_autoencoder(model)", "compilation", "training"),
    Exercise("4.1", "steps_per_epoch", "steps_per_epoch(examples, batch_size)", "fitting", "training"),
    Exercise(
        "4.2",
        "training",
        "train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)",
        "fitting",
        "training",
    ),
    Exercise("5.1", "reconstruct", "reconstruct(model, images)", "reconstruction", "models"),
    Exercise("5.2", "reconstruction_error", "reconstruction_error(images, reconstructions)", "image_error", "metrics"),
]
EXERCISES = {exercise.check: exercise for exercise in _ALL}
