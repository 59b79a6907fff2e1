"""What a notebook says of itself where it opens: its title, what it is about, how long it takes, its exercises."""

import re
from dataclasses import dataclass

LAB = """\
Here you go from the pixels of handwritten digits to an *autoencoder*, a network that squeezes an image through 32
numbers and draws it again.\
"""


@dataclass
class Opening:
    """What was found; what was not is empty.

    Attributes
    ----------
    title : str
    about : str
        The first paragraph below the title, as Markdown.
    minutes : str
    exercises : list of str
        Their numbers, such as "1.1".
    """

    title: str
    about: str
    minutes: str
    exercises: list


def opening(notebook):
    """Read it from the prose of a NotebookNode; returns an Opening."""
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title = re.search(r"^# (.+)", prose, re.MULTILINE)
    below = prose[title.end() :].strip().split("\n\n")[0] if title else ""
    return Opening(
        title=title[1] if title else "",
        about="" if below.startswith(("#", "**")) else below,
        minutes=next(iter(re.findall(r"\*\*Takes\*\* about (\d+) minutes", prose)), ""),
        exercises=re.findall(r"^## Exercise ([\d.]+)", prose, re.MULTILINE),
    )
