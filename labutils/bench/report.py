"""What a run of the benchmark found, on which machine: as Markdown for people, as JSON for programs."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import psutil

PACKAGES = ("tensorflow", "keras", "tensorflow-datasets", "numpy", "torch", "matplotlib", "pillow")
BUSY = 15  # per cent of the processors; from here on other work disturbs the measurement
UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))

COLUMNS = {  # heading: what a row shows there, None for nothing
    "median": lambda row: _time(row.median),
    "lowest to highest": lambda row: (
        " to ".join(map(_time, (min(row.seconds), max(row.seconds)))) if len(row.seconds) > 1 else None
    ),
    "95 % within": lambda row: _time(statistics.quantiles(row.seconds, n=20)[-1]) if len(row.seconds) >= 20 else None,
    "first, apart": lambda row: _time(row.first),
    "times the lab's": lambda row: f"{statistics.median(row.ratios):.2f}" if row.ratios else None,
    "test loss": lambda row: None if row.test_loss is None else f"{row.test_loss:.4f}",
    "steps": lambda row: None if row.steps is None else f"{row.steps:,}",
    "peak memory": lambda row: None if row.memory is None else f"{row.memory / 1e9:.2f} GB",
    "": lambda row: row.note or None,
}


class Report:
    """Rows as they come in, and where they go: after each, nothing that is done can be lost.

    Parameters
    ----------
    folder : Path
        Gets bench.md and bench.json.
    settings : dict
        What was asked for.
    """

    def __init__(self, folder, settings):
        self.folder = folder
        self.rows = {}
        self.failures = []
        self.facts = {
            "date": time.strftime("%Y-%m-%d %H:%M:%S %z"),
            "settings": settings,
            "machine": machine(),
            "versions": versions(),
        }
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, row):
        """Take a row in, in place of an earlier one of the same name, and write both files."""
        self.rows[row.group, row.what] = row
        self.write()

    def fail(self, group, error):
        """Take down that a group could not be measured to its end."""
        self.failures.append(f"{group}: {type(error).__name__}: {error}")
        self.write()

    def write(self):
        """Write bench.md and bench.json."""
        found = {**self.facts, "failures": self.failures}
        found["rows"] = [{**asdict(row), "median": row.median} for row in self.rows.values()]
        _replace(self.folder / "bench.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        _replace(self.folder / "bench.md", str(self) + "\n")

    def __str__(self):
        return "\n\n".join(["# Benchmark of the autoencoder lab", *self._opening(), *self._tables()])

    def _opening(self):
        told, packages = self.facts["machine"], self.facts["versions"]
        if told["busy"] > BUSY:
            yield (
                f"**THIS MACHINE WAS BUSY: {told['busy']:.0f} % of its {told['cores']} cores before the start. Other "
                "work slowed these measurements; do not quote them. Measure again when nothing else runs.**"
            )
        memory = f"{told['memory'] / 1e9:.0f} GB"
        yield f"{told['processor']}, {told['cores']} cores, {memory}, {told['system']}, {told['gpu'] or 'no GPU'}  "
        yield ", ".join(f"{name} {version}" for name, version in packages.items())
        options = ", ".join(f"{name} {value}" for name, value in self.facts["settings"].items())
        yield f"{self.facts['date']}, {options}"
        yield from (f"**Failed: {failure}**" for failure in self.failures)

    def _tables(self):
        for group in dict.fromkeys(group for group, _ in self.rows):
            yield f"## {group}\n\n{table([row for row in self.rows.values() if row.group == group])}"


def progress(row):
    """str: what is new in a row, in one line."""
    latest = [*([] if row.first is None else [row.first]), *row.seconds][-1:]
    loss = [] if row.test_loss is None else [f"test loss {row.test_loss:.4f}"]
    return ", ".join([row.what, *map(_time, latest), *loss, *[row.note] * bool(row.note)])


def table(rows):
    """str: the rows of one group as a Markdown table, with the columns that any of them fills."""
    cells = {heading: [show(row) for row in rows] for heading, show in COLUMNS.items()}
    shown = [(heading, [cell or "" for cell in column]) for heading, column in cells.items() if any(column)]
    columns = [(str.ljust, ["", *(row.what for row in rows)])]
    columns += [(str.ljust if heading == "" else str.rjust, [heading, *column]) for heading, column in shown]
    padded = [[just(cell, max(map(len, column))) for cell in column] for just, column in columns]
    lines = [f"| {' | '.join(line)} |" for line in zip(*padded, strict=True)]
    rules = [
        "-" * (len(column[0]) - (just is str.rjust)) + ":" * (just is str.rjust)
        for (just, _), column in zip(columns, padded, strict=True)
    ]
    return "\n".join([lines[0], f"| {' | '.join(rules)} |", *lines[1:]])


def machine():
    """dict: processor, cores, how busy they are in per cent, memory in bytes, system, GPU; None for what is hidden."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "system": platform.platform(),
        "gpu": _gpu(),
        "busy": psutil.cpu_percent(interval=2),
    }


def versions():
    """dict of str to str: Python and the packages that matter for speed."""
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):  # no Linux, or a processor that has no name
        return platform.processor() or platform.machine()


def _gpu():
    """What TensorFlow would compute on, asked in another process: this one stays small."""
    question = (
        "import labutils, tensorflow as tf\n"
        "for gpu in tf.config.list_physical_devices('GPU'):\n"
        "    print(tf.config.experimental.get_device_details(gpu).get('device_name', gpu.name))"
    )
    told = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    return ", ".join(told.stdout.split("\n")[:-1]) or None


def _replace(path, text):
    partial = path.with_suffix(".part")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def _time(seconds):
    if seconds is None:
        return None
    unit, name = next(((unit, name) for unit, name in UNITS if seconds >= unit), UNITS[-1])
    return f"{seconds / unit:.3g} {name}"
